# Textes de la boutique. Les espaces insécables sont de vrais caractères : U+00A0 avant « : », « » »,
# « % » et « € », U+202F avant « ; », « ! » et « ? ».

## Partout

colon = { " :" }
percent = { $n } %
save = Enregistrer
cancel = Annuler
skip-to-content = Aller au contenu
search-label = Rechercher un produit
search-placeholder = Savon, gourde, coton…
search-submit = Rechercher
tools-label = Compte et panier
account-link = Compte
cart-link = Panier
cart-count-one = 1 produit dans le panier
cart-count-many = {"{n}"} produits dans le panier
menu-label = Rayons
breadcrumbs = Vous êtes ici
quantity = Quantité
quantity-less = Retirer un exemplaire de { $name }
quantity-more = Ajouter un exemplaire de { $name }

## Pied de page

footer-help = Besoin d’aide ?
footer-contact = Nous écrire
footer-order-lookup = Suivre une commande
footer-account = Mon compte
footer-mediator = Un litige ? Après nous avoir écrit, vous pouvez saisir sans frais le médiateur de la consommation :
footer-vat = TVA { $number }
footer-producer-ids = Identifiants uniques REP :
footer-language = Langue
withdrawal-link = Renoncer au contrat ici

## Prix, stock, livraison

price-from = À partir de
price-from-amount = à partir de { $amount }
price-before = Ancien prix :
price-percent = −{ $percent } %
price-lowest = Prix le plus bas des 30 jours précédents : { $amount }
price-eco-participation = dont { $amount } d’éco-participation
price-per-unit = soit { $amount } / { $unit }
price-vat-included = TVA comprise.
price-delivery-extra = Livraison en sus
price-delivery-offered = Livraison offerte
shipping-offered = offerte
stock-in = En stock
stock-low = { $left ->
    [one] Plus qu’un exemplaire
   *[other] Plus que { $left } exemplaires
 }
stock-out = Épuisé pour le moment
labels = Labels

## Accueil

home-promises = Nos engagements vérifiables
home-categories = Nos rayons
home-featured = Nos essentiels
home-novelties = Tout juste arrivés

## Listes

card-out = Épuisé
card-new = Nouveau
card-colours = { $n ->
    [one] { $n } coloris
   *[other] { $n } coloris
 }
category-subcategories = Sous-rayons
listing-label = Produits
listing-count = { $n ->
    [one] { $n } produit
   *[other] { $n } produits
 }
listing-empty = Aucun produit ne réunit tous ces critères.
listing-empty-hint = Retirez un filtre pour élargir votre recherche.
filters = Filtres
filters-close = Fermer les filtres
filters-more = { $n ->
    [one] Afficher { $n } autre choix
   *[other] Afficher { $n } autres choix
 }
filters-apply = Voir les produits
filters-clear = Tout effacer
filters-active = Filtres actifs
filters-remove = Retirer le filtre { $facet } : { $name }
sort = Trier par
sort-apply = Trier
sort-position = Pertinence
sort-price-up = Prix croissant
sort-price-down = Prix décroissant
sort-name = Nom
sort-newest = Nouveautés
pagination = Pages de la liste
pagination-previous = Précédente
pagination-next = Suivante
pagination-page = Page { $n }
search-title = Résultats pour « { $query } »
search-title-empty = Que cherchez-vous ?
search-corrected = Rien ne correspond à « { $query } ». Voici les résultats pour « { $corrected } ».
search-suggestions = Essayez aussi :
search-empty = Nous n’avons rien trouvé pour « { $query } ».
search-empty-hint = Vérifiez l’orthographe, essayez un mot plus général, ou parcourez les rayons ci-dessus.
search-popular = Les plus demandés

## Produit

gallery = Photos du produit
gallery-picture = Photo { $n } sur { $total }
axis-choose = à choisir
axis-out = (épuisé)
add-to-cart = Ajouter au panier
product-delivery-from = Livraison à partir de { $amount }.
product-delivery-offered = Livraison offerte dès { $amount } d’achat.
product-pickup = Retrait possible en boutique
product-withdrawal = { $days } jours pour changer d’avis après réception, sans motif à donner
product-no-withdrawal = La loi exclut ce produit du droit de rétractation
product-guarantee = Garantie légale de conformité de 2 ans
product-description = Description
product-characteristics = Caractéristiques
product-sku = Référence
product-related = Vous aimerez aussi
eco-title = Fiche environnementale
eco-labels = Labels
eco-licence = licence
eco-materials = Composition
eco-material = { $name } { $percent } %
eco-material-recycled = dont { $percent } % recyclé
eco-recycled = Matière recyclée
eco-percent = { $percent } % du produit
eco-carbon = Gaz à effet de serre
shipping-carbon = Transport : { $kilograms } kg CO₂e
shipping-greenest = la livraison qui émet le moins
eco-carbon-amount = { $kilograms } kg CO₂e
eco-source = Source :
eco-packaging = Emballage
eco-sorting = Tri en fin de vie
eco-data = Ces données en JSON
guarantee-title = Garantie légale de conformité
guarantee-text = Ce que vous achetez doit être conforme au contrat. Si un défaut apparaît dans les 2 ans qui suivent la livraison, la loi de l’Union européenne oblige le vendeur à y remédier sans frais pour vous.
guarantee-remedy = Vous avez le choix entre la réparation et le remplacement ; si ni l’une ni l’autre n’est possible dans un délai raisonnable, une réduction du prix ou le remboursement. Toute réparation prolonge la garantie de 6 mois.
guarantee-producer = { $years ->
    [one] Le fabricant garantit en plus la durabilité pendant { $years } an, sans supplément.
   *[other] Le fabricant garantit en plus la durabilité pendant { $years } ans, sans supplément.
 }
guarantee-more = Conditions de la garantie
safety-title = Fabricant et sécurité
safety-manufacturer = Fabricant
safety-responsible = Responsable dans l’Union européenne
safety-identifier = Identification
safety-warnings = Avertissements

## Panier

cart-title = Votre panier
cart-lines = Produits du panier
cart-until-offered = Encore { $amount } et la livraison vous est offerte.
cart-unit-price = { $amount } l’unité
cart-quantity-of = Quantité de { $name }
cart-remove = Retirer
cart-remove-name = Retirer { $name } du panier
cart-not-sold = Ce produit n’est plus en vente.
cart-continue = Poursuivre mes achats
cart-update = Mettre à jour les quantités
cart-summary = Récapitulatif
cart-checkout = Passer commande
cart-blocked = Corrigez les lignes signalées pour passer commande.
cart-fact-payment = Livraison et paiement se choisissent à l’étape suivante, sans créer de compte.
cart-fact-withdrawal = Vous pouvez changer d’avis après réception, sauf produits exclus par la loi.
cart-empty = Votre panier est vide.
cart-empty-hint = Les produits que vous ajoutez vous attendent ici.
cart-discover = Découvrir la boutique
line-quantity = { $n } × { $price }
totals-subtotal = { $n ->
    [one] Sous-total ({ $n } produit)
   *[other] Sous-total ({ $n } produits)
 }
totals-eco-participation = dont éco-participation
totals-discount = Réduction
totals-shipping = Livraison
totals-shipping-by = Livraison – { $name }
totals-total = Total TVA comprise
totals-tax = dont TVA { $rate } %

## Commande

checkout-title = Votre commande
checkout-secure = Connexion chiffrée
checkout-back = Retour au panier
checkout-contact = Vos coordonnées
checkout-guest = Aucun compte n’est nécessaire. Vous en avez un ? { $login }
checkout-login = Connectez-vous
checkout-email-hint = Pour la confirmation et le suivi de la commande.
checkout-phone-hint = Seulement pour que le transporteur puisse vous joindre.
checkout-address = Adresse de livraison
checkout-saved = Vos adresses
checkout-new-address = Une autre adresse
checkout-billing-different = L’adresse de facturation est différente
checkout-billing = Adresse de facturation
checkout-update = Voir les modes de livraison pour cette adresse
checkout-shipping = Mode de livraison
checkout-shipping-first = Indiquez d’abord une adresse : nous vous montrerons les modes de livraison possibles, leur prix et leur délai.
checkout-payment = Moyen de paiement
checkout-recap = Vérifiez et commandez
checkout-terms = conditions générales de vente
checkout-terms-version = J’ai lu et j’accepte les { $terms } (version { $version }).
checkout-place = Commander avec obligation de paiement
checkout-privacy = Vos données servent à traiter votre demande et à rien d’autre : { $link }.
checkout-privacy-link = politique de confidentialité
withdrawal-right = Droit de rétractation
withdrawal-right-text = Vous avez { $days } jours après la livraison pour renoncer au contrat, sans donner de motif.
withdrawal-conditions = Conditions de la rétractation

## Après la commande

confirmation-title = Merci, votre commande est enregistrée
confirmation-number = Commande n° { $number }
confirmation-mail = Un récapitulatif part à l’instant vers { $email }.
confirmation-follow = Suivre cette commande
confirmation-register = Retrouver vos commandes plus facilement
confirmation-register-text = Un compte garde vos adresses et l’historique de vos commandes. C’est facultatif.
order-title = Commande n° { $number }
order-placed = Passée le { $date }
order-steps = Avancement de la commande
order-step-to-come = à venir
order-lines = Produits commandés
order-column-product = Produit
order-column-unit = Prix unitaire
order-column-quantity = Quantité
order-column-tax = TVA
order-column-total = Total
order-delivery = Livraison
order-billing = Facturation et paiement
order-print = Imprimer
order-state-awaiting-payment = En attente de paiement
order-state-paid = Payée
order-state-preparing = En préparation
order-state-partly-shipped = Expédiée en partie
order-state-shipped = Expédiée
order-cancel-title = Annuler cette commande
order-cancel-text = Elle ne sera pas expédiée et vous n’aurez rien à payer. C’est définitif.
order-cancel-confirm = Annuler la commande
order-cancel-expired = Ce lien n’est plus valable. Demandez à nouveau l’annulation, ou écrivez-nous.
order-cancel-too-late = Elle ne peut plus être annulée en ligne : elle est payée, en suspens, expédiée ou déjà annulée. Écrivez-nous si vous ne la voulez plus.
order-state-held = En suspens
order-state-canceled = Annulée
payment-title = Il vous reste à payer
payment-transfer = Faites un virement de { $amount }. Nous préparons le colis dès sa réception.
payment-holder = Titulaire
payment-reference = Référence à indiquer
payment-amount = Montant
payment-cheque = Envoyez un chèque de { $amount } à l’ordre de { $payee }, avec la référence { $reference } au dos, à l’adresse :
payment-on-delivery = Préparez { $amount } : vous payez au livreur, à la remise du colis.
payment-done = payé
payment-open = à payer
shipment-title = { $total ->
    [one] Votre colis
   *[other] Colis { $n } sur { $total }
 }
shipment-sent = Remis à { $carrier } le { $date }.
shipment-number = Numéro de suivi : { $number }
shipment-line = { $n } × { $name }
lookup-title = Suivre une commande
lookup-text = Pas besoin de compte : le numéro de commande et votre adresse e-mail suffisent.
lookup-number-hint = Il figure dans l’e-mail de confirmation.
lookup-submit = Voir la commande

## Compte

login-title = Connexion
login-submit = Se connecter
login-forgot = Mot de passe oublié ?
login-new = Première visite ?
login-new-text = Un compte garde vos adresses et vos commandes. Il n’est jamais obligatoire pour acheter.
login-guest-order = Suivre une commande passée sans compte
register-title = Créer un compte
register-text = Vos adresses et vos commandes, au même endroit.
register-submit = Créer mon compte
register-known = Vous avez déjà un compte ?
password-hint = { $min } caractères au moins. Une phrase fait un très bon mot de passe.
forgot-title = Mot de passe oublié
forgot-text = Indiquez votre adresse e-mail : nous vous envoyons un lien pour choisir un nouveau mot de passe.
forgot-submit = Recevoir le lien
forgot-sent = Si un compte existe à cette adresse, le lien vient de partir. Pensez à regarder dans les indésirables.
forgot-back = Retour à la connexion
reset-title = Nouveau mot de passe
reset-submit = Enregistrer le mot de passe
reset-expired = Ce lien a expiré ou a déjà servi.
reset-again = Recevoir un nouveau lien
account-menu = Votre compte
account-title = Mon compte
account-hello = Bonjour { $name }
account-recent = Dernières commandes
account-all-orders = Toutes les commandes
account-default-address = Adresse habituelle
account-manage-addresses = Gérer les adresses
account-password = Mot de passe
account-change-password = Changer le mot de passe
account-logout = Se déconnecter
addresses-title = Adresses
addresses-empty = Aucune adresse enregistrée pour le moment.
address-default = Adresse habituelle
address-edit = Modifier
address-edit-of = Modifier l’adresse de { $name }
address-delete = Supprimer
address-delete-of = Supprimer l’adresse de { $name }
address-edit-title = Modifier l’adresse
address-new-title = Ajouter une adresse
address-make-default = En faire mon adresse habituelle
orders-title = Commandes
orders-empty = Aucune commande pour le moment.

## Champs

field-optional = (facultatif)
field-first-name = Prénom
field-last-name = Nom
field-name = Votre nom
field-email = Adresse e-mail
field-phone = Téléphone
field-company = Société
field-street = Numéro et rue
field-street-2 = Complément d’adresse
field-postcode = Code postal
field-city = Ville
field-of-billing = (facturation)
field-country = Pays
field-password = Mot de passe
field-new-password = Nouveau mot de passe
field-password-again = Le même, encore une fois
field-current-password = Mot de passe actuel
field-order-number = Numéro de commande
form-required-note = Tous les champs sont nécessaires, sauf ceux marqués « facultatif ».
form-refused = { $n ->
    [one] Un point est à corriger
   *[other] { $n } points sont à corriger
 }
refusal-missing = Ce champ est nécessaire.
refusal-email = Cette adresse e-mail semble incomplète. Exemple : camille@exemple.fr
refusal-unreadable = Ce champ contient des caractères que nous ne pouvons pas lire.
refusal-postcode = Ce code postal ne correspond pas au pays choisi.
refusal-phone = Ce numéro de téléphone semble incomplet.
refusal-too-long = { $max } caractères au plus.
refusal-password-short = Le mot de passe doit avoir { $min } caractères au moins.
refusal-password-common = Ce mot de passe est trop facile à deviner.
refusal-passwords-differ = Les deux mots de passe diffèrent.
refusal-email-taken = Un compte existe déjà à cette adresse. Connectez-vous, ou demandez un nouveau mot de passe.
refusal-credentials = L’adresse e-mail et le mot de passe ne vont pas ensemble.
refusal-password = Le mot de passe actuel n’est pas le bon.
refusal-terms = Acceptez les conditions générales de vente pour commander.
refusal-terms-changed = Les conditions de vente ont changé : lisez-les, puis acceptez-les pour commander.
refusal-choice = Faites un choix.
refusal-no-such-order = Aucune commande ne correspond à ce numéro et à cette adresse e-mail.
refusal-stock = { $available ->
    [0] Ce produit est épuisé.
    [one] Il ne reste qu’un exemplaire.
   *[other] Il ne reste que { $available } exemplaires.
 }
refusal-out-of-stock = Il ne reste pas assez de « { $name } » : corrigez votre panier.
refusal-not-sold = « { $name } » n’est plus en vente : retirez-le de votre panier.
refusal-shipping = Ce mode de livraison n’est pas proposé pour cette adresse : choisissez-en un autre.
refusal-total-changed = Le total est maintenant de { $total } : vérifiez-le, puis commandez.
refusal-address-book = Votre carnet d’adresses est plein.
refusal-order-canceled = Cette commande est annulée : il n’y a plus de contrat auquel renoncer.
refusal-cart-changed = Votre panier a changé entre-temps : vérifiez-le, puis commandez.
refusal-country = Nous ne livrons pas encore dans ce pays.
refusal-nothing-chosen = Choisissez au moins un produit.
refusal-quantity-not-ordered = Indiquez une quantité de 1 à { $max }.
refusal-too-many = Trop d’essais. Attendez quelques minutes avant de recommencer.

## Ce qui vient de se passer

notice-added-to-cart = C’est dans votre panier.
notice-cart-updated = Votre panier est à jour.
notice-line-removed = Le produit est retiré du panier.
notice-cart-changed = Le panier a changé dans une autre fenêtre. Voici son état actuel.
notice-out-of-stock = Ce produit vient de s’épuiser.
notice-not-enough = Il n’en reste pas autant. La quantité n’a pas changé.
notice-too-many = Un panier contient au plus 100 produits, et 999 unités de chacun.
notice-not-sold = Ce produit n’est plus en vente.
notice-choose-options = Choisissez d’abord toutes les options du produit.
notice-address-saved = L’adresse est enregistrée.
notice-address-deleted = L’adresse est supprimée.
notice-password-changed = Votre mot de passe est changé.
notice-logged-in = Vous êtes connecté.
notice-logged-out = Vous êtes déconnecté.
notice-registered = Bienvenue, votre compte est créé.
notice-failed = Cela n’a pas fonctionné. Réessayez dans un instant.

## Rétractation

withdrawal-title = Renoncer au contrat
withdrawal-text = Indiquez la commande à laquelle vous renoncez, en entier ou en partie. Aucun motif ne vous sera demandé.
withdrawal-continue = Continuer
withdrawal-choose = Commande n° { $number }.
withdrawal-lines = Produits que vous renvoyez
withdrawal-receipt-email = Adresse e-mail où recevoir l’accusé de réception
withdrawal-no-reason = Vous n’avez aucun motif à donner. En confirmant, vous nous notifiez votre décision de renoncer au contrat pour ces produits.
withdrawal-confirm = Confirmer la rétractation
withdrawal-received = Votre rétractation est enregistrée
withdrawal-received-text = Commande n° { $number }, reçue le { $date }. L’accusé de réception, avec ce contenu, la date et l’heure, part vers { $email }.
withdrawal-next = Renvoyez les produits dans les 14 jours. Nous vous remboursons par le même moyen de paiement.

## Pages et contact

content-siblings = Autres pages
content-version = Version { $version }
content-updated = mise à jour le { $date }
contact-title = Nous écrire
contact-text = Une question sur un produit, une commande, un retour ? Une personne vous répond.
contact-subject = Sujet
contact-subject-product = Un produit
contact-subject-order = Une commande
contact-subject-return = Un retour ou une réparation
contact-subject-data = Mes données personnelles
contact-subject-other = Autre chose
contact-message = Votre message
contact-trap = Laissez ce champ vide
contact-submit = Envoyer
contact-sent = Merci, votre message est bien parti. Nous vous répondons par e-mail.
contact-direct = En direct

## Erreurs

error-home = Retour à l’accueil
error-request = Si vous nous écrivez, citez ce numéro : { $id }
error-retry = { $seconds ->
    [one] Réessayez dans une seconde.
   *[other] Réessayez dans { $seconds } secondes.
 }
error-suggestions = En attendant
error-400-title = Cette demande est incomplète
error-400-text = Revenez en arrière et vérifiez ce que vous avez saisi.
error-403-title = Cette demande n’a pas été acceptée
error-403-text = La page était peut-être ouverte depuis longtemps. Rechargez-la, puis recommencez.
error-404-title = Cette page n’existe pas
error-404-text = L’adresse est peut-être mal recopiée. La recherche, en haut de la page, vous mènera au bon endroit.
error-410-title = Ce produit n’est plus vendu
error-410-text = Il a quitté notre catalogue. Voici de quoi le remplacer, et la recherche pour le reste.
error-429-title = Un peu trop vite
error-429-text = Nous avons reçu beaucoup de demandes de votre part en peu de temps. Patientez un instant.
error-500-title = Quelque chose s’est cassé chez nous
error-500-text = Ce n’est pas de votre fait, et nous en sommes prévenus. Réessayez dans un instant : votre panier est conservé.
error-503-title = De retour dans un instant
error-503-text = Vous pouvez continuer à parcourir la boutique. Les commandes reprennent bientôt et votre panier est conservé.

home-hero-eyebrow = Des objets qui disent d’où ils viennent
home-hero-title = La maison, en plus durable
home-hero-text = Bocaux, savons, linge et graines choisis pour durer : chaque fiche donne la matière, l’origine et la source de chaque chiffre.
home-hero-action = Parcourir les rayons
home-promise-origin-title = Origine et matières indiquées
home-promise-origin-text = Pays, atelier, part recyclée : sur chaque fiche, pas en petites lettres.
home-promise-carbon-title = Des chiffres avec leur source
home-promise-carbon-text = Les émissions affichées citent le bilan dont elles viennent.
home-promise-last-title = Réparer avant de remplacer
home-promise-last-text = Recharges et seconde vie ont leur rayon.
home-promise-return-title = 14 jours pour changer d’avis
home-promise-return-text = La rétractation se fait en ligne, en deux étapes, sans motif.
