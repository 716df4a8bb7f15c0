# Les e-mails : confirmation de commande, suivi, compte.

## Commande

email-hello = Bonjour { $name },
email-placed-subject = Votre commande { $number }
email-placed-title = Merci pour votre commande
email-placed-lead = Nous l’avons bien reçue. Gardez ce message : il confirme votre achat et en rappelle toutes les conditions.
email-paid-subject = Paiement reçu pour la commande { $number }
email-paid-title = Votre paiement est arrivé
email-paid-lead = Nous avons reçu { $amount }. Nous préparons votre commande et vous écrivons dès son départ.
email-shipped-subject = Votre commande { $number } est en route
email-shipped-title = Votre colis est parti
email-shipped-by = Nous l’avons remis à { $carrier }. Il contient :
email-shipped-lead = Nous l’avons remis au transporteur. Il contient :
email-shipped-partial = Le reste de votre commande suivra dans un autre colis.
email-tracking = Numéro de suivi
email-canceled-subject = Votre commande { $number } est annulée
email-canceled-title = Votre commande est annulée
email-canceled-lead = Elle ne sera pas expédiée.
email-canceled-refund = Nous vous remboursons { $amount } par le moyen de paiement que vous avez utilisé, dans les 14 jours.
email-canceled-unpaid = Vous n’avez rien à payer. Si votre paiement est déjà parti, nous vous le rendons.
email-number = Commande n° { $number }
email-number-label = Commande
email-date-label = Passée le
email-order-link = Voir ma commande
email-pay-title = Il vous reste à payer { $amount }
email-pay-transfer = Faites un virement avec ces coordonnées. La référence relie votre virement à la commande : indiquez-la telle quelle.
email-pay-cheque = Envoyez un chèque de { $amount } à l’ordre de { $payee }, avec la référence { $reference } au dos, à cette adresse :
email-lines = Produits commandés
email-line-tax = TVA { $rate } %
email-line-eco = Éco-participation en plus : { $amount }
email-line-sku = Réf. { $sku }
email-items = Produits
email-eco = Éco-participation
email-discount = Remise
email-net = Total hors TVA
email-tax = TVA { $rate } % sur { $net }
email-delivery = Livraison
email-pick-up = Retrait
email-billing = Facturation
email-conditions = Conditions de vente
email-terms = Vous avez accepté la version { $version } de nos conditions générales de vente le { $date }.
email-withdrawal = Vous avez 14 jours après la réception de vos produits pour renoncer au contrat, sans motif à donner. S’ils arrivent en plusieurs colis, les 14 jours partent de la réception du dernier.
email-withdrawal-how = Le plus simple est de le faire en ligne : { $link }. Vous pouvez aussi nous écrire, avec le formulaire ci-dessous ou dans vos propres mots.
email-withdrawal-refund = Renvoyez ensuite les produits dans les 14 jours. Nous vous remboursons tout ce que vous avez payé, livraison standard comprise, dans les 14 jours qui suivent votre décision ; nous pouvons attendre d’avoir reçu les produits, ou la preuve de leur envoi.
email-withdrawal-exceptions = La loi exclut certains produits de ce droit (C. conso. art. L221-28), par exemple ceux qui sont descellés et ne peuvent être renvoyés pour des raisons d’hygiène, ou qui se périment rapidement.
email-form-title = Formulaire de rétractation
email-form-when = À nous renvoyer seulement si vous renoncez au contrat.
email-form-to = À l’attention de { $shop }
email-form-text = Je vous notifie par la présente ma rétractation du contrat portant sur les produits de la commande n° { $number }, passée le { $date }.
email-form-received = Reçue le :
email-form-name = Nom :
email-form-address = Adresse :
email-form-sign = Date, et signature si le formulaire est sur papier :
email-hidden-defects = La garantie légale des vices cachés (C. civ. art. 1641 à 1649) s’applique aussi : si un défaut caché rend le produit impropre à son usage, vous pouvez le rendre et être remboursé, ou le garder et être remboursé en partie, dans les 2 ans qui suivent la découverte du défaut.
email-why-order = Vous recevez ce message parce que vous avez passé commande chez { $shop }.

## Compte

email-welcome-subject = Bienvenue chez { $shop }
email-welcome-title = Votre compte est créé
email-welcome-lead = Connectez-vous avec l’adresse { $email }. Vos commandes et vos adresses y sont réunies.
email-welcome-link = Ouvrir mon compte
email-reset-subject = Choisir un nouveau mot de passe
email-reset-title = Choisir un nouveau mot de passe
email-reset-lead = Ce lien est valable une heure et ne sert qu’une fois.
email-reset-link = Choisir mon mot de passe
email-reset-ignore = Vous n’avez rien demandé ? Ne faites rien : votre mot de passe reste le même.
email-password-subject = Votre mot de passe a changé
email-password-title = Votre mot de passe a changé
email-password-lead = Le mot de passe du compte { $email } vient d’être changé.
email-password-alarm = Ce n’était pas vous ? Demandez tout de suite un nouveau mot de passe sur la page de connexion, puis écrivez à { $contact }.
email-link-hint = Si le bouton ne s’ouvre pas, copiez cette adresse dans votre navigateur :
email-why-account = Vous recevez ce message parce qu’un compte existe chez { $shop } à l’adresse { $email }.

email-withdrawal-subject = Votre rétractation de la commande { $number } est enregistrée
email-withdrawal-title = Accusé de réception de votre rétractation
email-withdrawal-lead = Nous avons reçu le { $at } votre déclaration de rétractation de la commande { $number }, pour :
email-withdrawal-next = Renvoyez les articles dans les 14 jours. Nous vous remboursons au plus tard 14 jours après votre déclaration, dès que les articles ou la preuve de leur envoi nous sont parvenus.
