# Le back-office.

admin-nav = Gestion de la boutique
admin-nav-sales = Ventes
admin-nav-catalog = Catalogue
admin-nav-stock = Stock
admin-nav-system = Système
admin-see-shop = Voir la boutique
admin-logout = Se déconnecter
admin-back = Retour à l’accueil
admin-filter = Filtrer la liste
admin-filter-submit = Filtrer
admin-filter-clear = Tout afficher
admin-from = Du
admin-to = Au
admin-show-all = Tout
admin-nothing-found = Rien ne correspond
admin-nothing-found-text = Changez ou retirez un filtre.
admin-paid = Payée
admin-unpaid = À payer
admin-acts = Actions
admin-save = Enregistrer

## Connexion et compte

admin-login-title = Back-office
admin-field-login = Identifiant
admin-field-code = Code à 6 chiffres
admin-login-code-hint = De votre application d’authentification, si vous l’avez activée.
admin-login-code-needed = Indiquez le code de votre application, et de nouveau votre mot de passe.
admin-login-wrong = L’identifiant, le mot de passe ou le code n’est pas le bon.
admin-account-title = Mon compte
admin-account-who = Vous
admin-account-name = Nom
admin-factor-title = Second facteur
admin-factor-on = Activé
admin-factor-on-text = À chaque connexion, un code de votre application vous est demandé.
admin-factor-off-text = Avec un second facteur, un mot de passe volé ne suffit plus pour entrer. Il vous faut une application d’authentification sur votre téléphone.
admin-factor-step-scan = Scannez ce code avec l’application.
admin-factor-picture = Code QR du second facteur
admin-factor-by-hand = Ou saisissez cette clé à la main :
admin-factor-step-code = Saisissez le code que l’application affiche.
admin-factor-confirm = Activer
admin-factor-remove = Retirer le second facteur…
admin-factor-remove-text = Votre mot de passe suffira de nouveau pour entrer. Confirmez en le saisissant.
admin-factor-remove-confirm = Retirer le second facteur
admin-code-wrong = Ce code n’est pas le bon. Attendez le suivant, puis recommencez.

## Tableau de bord

admin-dashboard-title = Aujourd’hui
admin-figure-today = { $n ->
    [one] commande du jour
   *[other] commandes du jour
 }
admin-figure-to-ship = { $n ->
    [one] commande à expédier
   *[other] commandes à expédier
 }
admin-figure-to-pay = { $n ->
    [one] paiement attendu
   *[other] paiements attendus
 }
admin-figure-low = { $n ->
    [one] article bientôt épuisé
   *[other] articles bientôt épuisés
 }
admin-figure-failed = { $n ->
    [one] tâche en échec
   *[other] tâches en échec
 }
admin-newest-orders = Dernières commandes
admin-all-orders = Toutes les commandes

## Commandes

admin-orders-title = Commandes
admin-orders-count = { $n ->
    [one] { $n } commande
   *[other] { $n } commandes
 }
admin-orders-text = Numéro, nom ou e-mail
admin-orders-none = Aucune commande pour le moment
admin-orders-none-text = Les commandes passées dans la boutique apparaîtront ici.
admin-column-order = Commande
admin-column-date = Date
admin-column-buyer = Client
admin-column-status = État
admin-column-payment = Paiement
admin-column-total = Total
admin-show-to-ship = À expédier
admin-show-to-pay = En attente de paiement
admin-status-pending = En attente
admin-status-processing = En cours
admin-status-complete = Terminée
admin-status-held = Bloquée
admin-status-canceled = Annulée
admin-column-shipped = Expédié
admin-column-left = Reste
admin-column-parcel = Dans ce colis
admin-total-items = Produits
admin-change-promotion = Remise
admin-change-eco = Éco-participation
admin-change-shipping = Livraison
admin-change-manual = Ajustement
admin-terms = CGV version { $version }
admin-paid-at = payé le { $date }
admin-ship-title = Expédier
admin-field-carrier = Transporteur
admin-field-tracking = Numéro de suivi
admin-ship-hint = Le stock diminue et le client reçoit un e-mail.
admin-ship-submit = Expédier le colis
admin-ship-held = Cette commande attend son paiement avant de partir.
admin-parcel = Colis { $n }
admin-pay = Noter le paiement…
admin-pay-text = Vous avez bien reçu { $amount } ? Le client en sera informé par e-mail.
admin-pay-confirm = Le paiement est arrivé
admin-mail = Renvoyer la confirmation…
admin-mail-text = La confirmation de commande repart vers { $email }.
admin-mail-confirm = Renvoyer l’e-mail
admin-hold = Bloquer la commande…
admin-hold-text = Tant que la commande n’est pas débloquée, elle n’est ni payée, ni expédiée, ni annulée. Ses produits restent réservés. Le client ne reçoit pas d’e-mail et lit que la commande est en suspens.
admin-hold-confirm = Bloquer
admin-release = Débloquer la commande
admin-order-on-hold = Cette commande est bloquée : débloquez-la pour continuer.
admin-cancel = Annuler la commande…
admin-cancel-text = Les produits retournent au stock et le client reçoit un e-mail. C’est définitif. Un paiement déjà reçu reste à rembourser.
admin-cancel-reason = Motif (visible de l’équipe seulement)
admin-cancel-confirm = Annuler la commande
admin-line-withdrawn = { $n ->
    [one] rétractation pour { $n } unité
   *[other] rétractation pour { $n } unités
}
admin-order-withdrawn = Le client s’est rétracté, en tout ou en partie. Rien de ce qui est concerné ne doit partir ; remboursez sous 14 jours ce qui est payé.
admin-actor-customer = le client
admin-history = Historique
admin-event-placed = Commande passée
admin-event-paid = Paiement reçu
admin-event-shipped = Colis expédié
admin-event-held = Commande bloquée
admin-event-released = Commande débloquée
admin-event-canceled = Commande annulée
admin-event-cancel-asked = Annulation demandée, à confirmer par e-mail
admin-event-mailed = Confirmation renvoyée
admin-event-withdrawal = Rétractation reçue
admin-event-noted = Note
admin-event-other = { $kind }
admin-order-changed = Quelqu’un a modifié cette commande entre-temps. Voici son état actuel : vérifiez, puis recommencez.
admin-order-is-held = La commande est bloquée : débloquez-la d’abord.
admin-order-not-held = La commande n’est pas bloquée.
admin-order-is-complete = La commande est terminée : il n’y a plus rien à bloquer.
admin-order-is-canceled = La commande est annulée.
admin-order-is-paid = La commande est déjà payée.
admin-order-not-paid = La commande n’est pas encore payée.
admin-order-has-left = Un colis est déjà parti : la commande ne peut plus être annulée.
admin-order-nothing-to-ship = Indiquez ce que contient le colis.
admin-order-too-many = Le colis contiendrait plus que ce qui reste à expédier.

## Produits

admin-products-title = Produits
admin-products-count = { $n ->
    [one] { $n } produit
   *[other] { $n } produits
 }
admin-products-text = Nom ou référence
admin-products-none = Aucun produit pour le moment
admin-products-none-text = Importez un catalogue pour commencer.
admin-column-stock = Stock
admin-column-price = Prix
admin-variants = { $n ->
    [one] { $n } variante
   *[other] { $n } variantes
 }
admin-visibility-draft = Brouillon
admin-visibility-published = En vente
admin-visibility-hidden = Masqué
admin-visibility-draft-text = En préparation, visible de l’équipe seulement.
admin-visibility-published-text = Visible dans la boutique.
admin-visibility-hidden-text = Retiré de la vente ; son adresse l’indique.
admin-stock-in = En stock
admin-stock-low = Stock bas
admin-stock-out = Épuisé
admin-see-in-shop = Voir dans la boutique
admin-product-texts = Textes
admin-product-variants = Prix et stock
admin-product-visibility = Visibilité
admin-product-pictures = Images
admin-field-name = Nom
admin-field-slug = Adresse de la page
admin-field-slug-hint = Minuscules, chiffres et tirets. Vide : faite à partir du nom.
admin-field-short = En une phrase
admin-field-description = Description
admin-field-description-hint = Markdown : ## titre, **gras**, - liste.
admin-field-meta = Description pour les moteurs de recherche
admin-price-with-tax = Prix en { $currency }, TVA comprise. Un prix vide retire la variante de la vente.
admin-price-without-tax = Prix en { $currency }, hors TVA. Un prix vide retire la variante de la vente.
admin-field-sku = Référence (SKU)
admin-field-special = Prix réduit
admin-field-special-from = Réduit dès le
admin-field-special-until = Jusqu’au
admin-field-stock = En rayon
admin-stock-promised = { $n ->
    [one] dont { $n } réservé pour une commande
   *[other] dont { $n } réservés pour des commandes
 }
admin-field-enabled = Vendue
admin-pictures-apart = Les images s’enregistrent à part : enregistrez d’abord vos autres changements.
admin-pictures-none = Ce produit n’a pas encore d’image.
admin-field-alt = Description de l’image – { $language }
admin-picture-save = Enregistrer
admin-picture-up = Monter
admin-picture-down = Descendre
admin-picture-up-n = Monter l’image { $n }
admin-picture-down-n = Descendre l’image { $n }
admin-picture-delete = Supprimer…
admin-picture-delete-text = L’image est retirée du produit. C’est définitif.
admin-picture-delete-confirm = Supprimer l’image
admin-picture-add = Ajouter une image
admin-field-file = Fichier
admin-field-file-hint = JPEG, PNG ou WebP, 20 Mo au plus.
admin-picture-upload = Envoyer l’image
admin-product-stale = Quelqu’un a modifié ce produit entre-temps. Rouvrez-le dans un autre onglet pour voir ses changements, puis reprenez les vôtres.

## Stock

admin-stock-title = Stock bas
admin-stock-lead = { $n ->
    [one] Articles en vente dont il reste au plus { $n } exemplaire disponible.
   *[other] Articles en vente dont il reste au plus { $n } exemplaires disponibles.
 }
admin-stock-none = Tout est bien approvisionné
admin-stock-none-text = { $n ->
    [one] Il reste plus de { $n } exemplaire de chaque article en vente.
   *[other] Il reste plus de { $n } exemplaires de chaque article en vente.
 }
admin-column-free = Disponible
admin-column-promised = Réservé
admin-column-count = Compté en rayon
admin-count-of = Nombre compté de { $sku }
admin-count-save = Noter

## Tâches

admin-jobs-title = Tâches en échec
admin-jobs-waiting = { $n ->
    [0] Rien n’attend.
    [one] { $n } tâche attend son tour.
   *[other] { $n } tâches attendent leur tour.
 }
admin-jobs-lead = Ces tâches ont échoué trop souvent et ont été abandonnées. Corrigez la cause, puis relancez-les.
admin-jobs-none = Tout fonctionne
admin-jobs-none-text = Les e-mails et les images qui n’ont pas pu être traités apparaîtraient ici.
admin-column-job = Tâche
admin-column-asked = Demandée
admin-column-error = Dernière erreur
admin-job-retry = Relancer
admin-job-retry-of = Relancer { $kind }

## Integrations

admin-integrations-title = Intégrations
admin-integrations-lead = Ces logiciels travaillent avec la boutique par son API.
admin-integrations-schema = Ce que permet l’API
admin-integrations-none = Aucune intégration
admin-integrations-none-text = Donnez accès à un autre logiciel, par exemple votre ERP ou votre outil d’expédition.
admin-integration-new = Nouvelle intégration
admin-integration-name-hint = Lettres minuscules, chiffres, tirets et tirets bas, par exemple erp.
admin-integration-create = Donner accès
admin-integration-bad-name = Un nom compte de 1 à 60 lettres minuscules, chiffres, tirets et tirets bas.
admin-integration-name-taken = Une autre intégration porte ce nom.
admin-integration-no-area = Choisissez au moins un domaine.
admin-integration-keys = Clés de la nouvelle intégration
admin-integration-keys-text = Copiez-les maintenant : elles ne seront plus affichées. Le logiciel signe ses requêtes avec elles (OAuth 1.0a), ou envoie le seul jeton d’accès.
admin-key-consumer = Clé du consommateur
admin-key-consumer-secret = Secret du consommateur
admin-key-token = Jeton d’accès
admin-key-token-secret = Secret du jeton d’accès
admin-integration-delete = Retirer l’accès
admin-integration-delete-of = Retirer l’accès à { $name }
admin-integration-delete-text = Le logiciel est refusé aussitôt, sur chaque instance.
admin-integration-delete-confirm = Retirer l’accès à { $name }
admin-area-everything = Tout
admin-area-catalog = Produits, catégories et attributs
admin-area-stock = Stock
admin-area-order-views = Commandes, factures et expéditions : lecture
admin-area-order-acts = Commandes : commenter, annuler, suspendre, encaisser, expédier
admin-area-customers = Clients
admin-area-content = Pages et blocs
admin-area-settings = Réglages de la boutique et taxes
admin-area-bulks = État des opérations en masse
admin-column-program = Logiciel
admin-column-access = Accès

## Webhooks

admin-webhooks-title = Webhooks
admin-webhooks-lead = Ces adresses sont prévenues de ce qui se passe dans la boutique.
admin-webhooks-none = Aucun webhook
admin-webhooks-none-text = Abonnez l’adresse d’un autre logiciel, par exemple votre ERP.
admin-webhook-title = Webhook
admin-webhook-what = Abonnement
admin-webhook-new = Nouvel abonnement
admin-webhook-subscribe = Abonner
admin-webhook-url-hint = Elle commence par https et ne mène pas au réseau de la boutique.
admin-webhook-no-url = Cette adresse n’en est pas une.
admin-webhook-no-https = L’adresse doit commencer par https.
admin-webhook-private = Cette adresse est dans le réseau de la boutique.
admin-webhook-no-topic = Choisissez au moins un sujet.
admin-webhook-secret = Secret du nouveau webhook
admin-webhook-secret-text = Copiez-le maintenant : il ne sera plus affiché. Le destinataire vérifie avec lui la signature de chaque message.
admin-webhook-on = Actif
admin-webhook-off = Suspendu
admin-webhook-switch-on = Réactiver
admin-webhook-switch-off = Suspendre
admin-webhook-delete = Supprimer
admin-webhook-delete-text = Les messages qui attendent ne seront pas envoyés.
admin-webhook-delete-confirm = Supprimer ce webhook
admin-topic-order-placed = Commande passée
admin-topic-order-paid = Commande payée
admin-topic-order-shipped = Colis expédié
admin-topic-order-canceled = Commande annulée
admin-topic-product-changed = Produit modifié
admin-topic-stock-changed = Stock modifié
admin-messages-title = Messages
admin-messages-none = Aucun message
admin-messages-none-text = Les messages des 30 derniers jours apparaîtront ici.
admin-message-open = En attente
admin-message-done = Reçu
admin-message-failed = Abandonné
admin-message-replay = Renvoyer
admin-message-replay-of = Renvoyer { $topic }
admin-column-address = Adresse
admin-column-topics = Sujets
admin-column-message = Message
admin-column-attempts = Essais

## Ce qui vient de se passer

admin-done-order-paid = Le paiement est noté.
admin-done-order-shipped = Le colis est noté comme expédié.
admin-done-order-held = La commande est bloquée.
admin-done-order-released = La commande est débloquée.
admin-done-order-canceled = La commande est annulée et son stock rendu.
admin-done-order-mailed = La confirmation repart.
admin-done-product-saved = Le produit est enregistré.
admin-done-picture-added = L’image est ajoutée.
admin-done-picture-saved = L’image est enregistrée.
admin-done-picture-deleted = L’image est supprimée.
admin-done-stock-counted = Le stock est à jour.
admin-done-job-retried = La tâche est relancée.
admin-done-job-gone = Cette tâche n’est plus en échec.
admin-done-webhook-on = Le webhook est actif.
admin-done-webhook-off = Le webhook est suspendu.
admin-done-webhook-deleted = Le webhook est supprimé.
admin-done-integration-deleted = Le logiciel n’a plus accès.
admin-done-integration-gone = Aucun logiciel de ce nom n’a accès.
admin-done-message-replayed = Le message repart.
admin-done-message-gone = Ce message attend déjà, ou n’est plus là.
admin-done-second-factor-on = Le second facteur est activé.
admin-done-second-factor-off = Le second facteur est retiré.

## Refus et erreurs

admin-refusal-date = Indiquez une date, par exemple 2026-11-30.
admin-refusal-period = La fin est avant le début.
admin-refusal-number = Indiquez un nombre entier, 0 ou plus.
admin-refusal-too-many = Il n’en reste que { $max } à expédier.
admin-refusal-amount = Indiquez un montant, par exemple 24,90.
admin-refusal-price = Le prix doit être supérieur à 0 et d’un million au plus.
admin-refusal-special = Le prix réduit doit être supérieur à 0 et inférieur au prix.
admin-refusal-slug = Une adresse ne contient que des minuscules sans accent, des chiffres et des tirets.
admin-refusal-sku = Une référence a 64 signes au plus, sans espace ni accent.
admin-refusal-sku-twice = Deux variantes ont cette référence.
admin-refusal-sku-taken = Un autre produit a cette référence.
admin-refusal-promised = { $n ->
    [one] { $n } exemplaire est réservé pour une commande : comptez-le aussi.
   *[other] { $n } exemplaires sont réservés pour des commandes : comptez-les aussi.
 }
admin-refusal-nothing-to-sell = Pour être en vente, le produit doit avoir une variante vendue qui a un prix.
admin-refusal-manufacturer = Pour être en vente, le produit doit avoir un fabricant avec nom, adresse postale et e-mail (règlement UE 2023/988).
admin-refusal-other = Le produit ne peut pas être enregistré : { $detail }
admin-refusal-no-file = Choisissez un fichier.
admin-refusal-picture-format = Ce fichier n’est ni un JPEG, ni un PNG, ni un WebP.
admin-refusal-picture-bytes = Ce fichier dépasse 20 Mo.
admin-refusal-picture-pixels = Cette image a trop de pixels.
admin-refusal-picture-broken = Cette image est abîmée.
admin-refusal-picture-twice = Le produit a déjà cette image.
admin-not-found-title = Cette page n’existe pas
admin-not-found-text = L’adresse est peut-être mal recopiée, ou ce qu’elle montrait a été supprimé.
admin-forbidden-title = Ce formulaire n’a pas été accepté
admin-forbidden-text = La page était peut-être ouverte depuis longtemps. Revenez en arrière, rechargez-la, puis recommencez.
admin-too-large-title = C’est trop gros
admin-too-large-text = Un fichier peut avoir 20 Mo au plus. Revenez en arrière et choisissez-en un plus petit.
admin-refused-title = Cette demande est incomplète
admin-refused-text = Revenez en arrière et vérifiez ce que vous avez saisi.
admin-unavailable-title = La base de données ne répond pas
admin-unavailable-text = Rien n’a été enregistré. Réessayez dans un instant ; les clients peuvent continuer à parcourir la boutique.
admin-failed-title = Quelque chose s’est cassé
admin-failed-text = Rien n’a été enregistré. Le journal en dit plus, sous le numéro ci-dessous.
