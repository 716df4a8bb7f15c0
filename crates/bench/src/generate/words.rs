//! The words that generated texts are made of: real ones in front, made-up ones in the long tail,
//! as frequent as Zipf's law has it.

use std::sync::LazyLock;

use commerce::channel::Locale;

use super::dice::Dice;

/// How many words each language has.
const VOCABULARY: usize = 20_000;

/// The top categories and what lies in them: in French one and many, in English one and many.
pub(super) const SHELVES: [(&str, &str, &str); 12] = [
    (
        "Cuisine",
        "Kitchen",
        "bouteille,bouteilles,bottle,bottles;gourde,gourdes,flask,flasks;bocal,bocaux,jar,jars;\
         torchon,torchons,tea towel,tea towels;planche,planches,board,boards;\
         couvert,couverts,cutlery set,cutlery;casserole,casseroles,saucepan,saucepans;\
         bol,bols,bowl,bowls;passoire,passoires,colander,colanders;filtre,filtres,filter,filters",
    ),
    (
        "Salle de bain",
        "Bathroom",
        "savon,savons,soap,soaps;shampoing,shampoings,shampoo,shampoos;\
         brosse à dents,brosses à dents,toothbrush,toothbrushes;\
         dentifrice,dentifrices,toothpaste,toothpastes;serviette,serviettes,towel,towels;\
         peigne,peignes,comb,combs;rasoir,rasoirs,razor,razors;éponge,éponges,sponge,sponges;\
         déodorant,déodorants,deodorant,deodorants;gant,gants,washcloth,washcloths",
    ),
    (
        "Entretien",
        "Cleaning",
        "lessive,lessives,laundry soap,laundry soaps;vaisselle,vaisselles,dish soap,dish soaps;\
         chiffon,chiffons,cloth,cloths;vinaigre,vinaigres,vinegar,vinegars;\
         bicarbonate,bicarbonates,baking soda,baking sodas;balai,balais,broom,brooms;\
         détachant,détachants,stain remover,stain removers;seau,seaux,bucket,buckets;\
         lavette,lavettes,dishcloth,dishcloths;recharge,recharges,refill,refills",
    ),
    (
        "Vêtements",
        "Clothes",
        "chemise,chemises,shirt,shirts;robe,robes,dress,dresses;pantalon,pantalons,trouser,trousers;\
         pull,pulls,sweater,sweaters;chaussette,chaussettes,sock,socks;bonnet,bonnets,beanie,beanies;\
         écharpe,écharpes,scarf,scarves;veste,vestes,jacket,jackets;jupe,jupes,skirt,skirts;\
         culotte,culottes,brief,briefs",
    ),
    (
        "Maison",
        "Home",
        "bougie,bougies,candle,candles;coussin,coussins,cushion,cushions;plaid,plaids,throw,throws;\
         rideau,rideaux,curtain,curtains;lampe,lampes,lamp,lamps;tapis,tapis,rug,rugs;\
         panier,paniers,basket,baskets;vase,vases,vase,vases;drap,draps,sheet,sheets;\
         oreiller,oreillers,pillow,pillows",
    ),
    (
        "Bébé",
        "Baby",
        "couche,couches,nappy,nappies;body,bodies,bodysuit,bodysuits;bavoir,bavoirs,bib,bibs;\
         biberon,biberons,baby bottle,baby bottles;hochet,hochets,rattle,rattles;\
         lange,langes,muslin,muslins;tétine,tétines,dummy,dummies;gigoteuse,gigoteuses,sleep bag,sleep bags;\
         doudou,doudous,comforter,comforters;chausson,chaussons,bootee,bootees",
    ),
    (
        "Jardin",
        "Garden",
        "graine,graines,seed,seeds;arrosoir,arrosoirs,watering can,watering cans;\
         composteur,composteurs,composter,composters;nichoir,nichoirs,nest box,nest boxes;\
         sécateur,sécateurs,secateur,secateurs;pot,pots,pot,pots;terreau,terreaux,compost,composts;\
         bêche,bêches,spade,spades;hamac,hamacs,hammock,hammocks;lanterne,lanternes,lantern,lanterns",
    ),
    (
        "Épicerie",
        "Grocery",
        "thé,thés,tea,teas;café,cafés,coffee,coffees;miel,miels,honey,honeys;\
         confiture,confitures,jam,jams;huile,huiles,oil,oils;épice,épices,spice,spices;\
         chocolat,chocolats,chocolate,chocolates;farine,farines,flour,flours;\
         biscuit,biscuits,biscuit,biscuits;tisane,tisanes,herbal tea,herbal teas",
    ),
    (
        "Papeterie",
        "Stationery",
        "carnet,carnets,notebook,notebooks;crayon,crayons,pencil,pencils;stylo,stylos,pen,pens;\
         enveloppe,enveloppes,envelope,envelopes;agenda,agendas,diary,diaries;\
         trousse,trousses,pencil case,pencil cases;gomme,gommes,rubber,rubbers;\
         carte,cartes,card,cards;classeur,classeurs,binder,binders;encre,encres,ink,inks",
    ),
    (
        "Beauté",
        "Beauty",
        "crème,crèmes,cream,creams;baume,baumes,balm,balms;sérum,sérums,serum,serums;\
         masque,masques,mask,masks;parfum,parfums,perfume,perfumes;vernis,vernis,varnish,varnishes;\
         gommage,gommages,scrub,scrubs;lotion,lotions,lotion,lotions;argile,argiles,clay,clays;\
         pinceau,pinceaux,brush,brushes",
    ),
    (
        "Jeux",
        "Toys",
        "puzzle,puzzles,puzzle,puzzles;peluche,peluches,plush toy,plush toys;\
         cube,cubes,block,blocks;toupie,toupies,spinning top,spinning tops;\
         poupée,poupées,doll,dolls;train,trains,train,trains;domino,dominos,domino,dominoes;\
         ballon,ballons,ball,balls;cerf-volant,cerfs-volants,kite,kites;pâte à modeler,pâtes à modeler,clay set,clay sets",
    ),
    (
        "Voyage",
        "Travel",
        "sac,sacs,bag,bags;valise,valises,suitcase,suitcases;cabas,cabas,tote,totes;\
         sac à dos,sacs à dos,backpack,backpacks;pochette,pochettes,pouch,pouches;\
         parapluie,parapluies,umbrella,umbrellas;couverture,couvertures,blanket,blankets;\
         lunch box,lunch box,lunch box,lunch boxes;tente,tentes,tent,tents;vélo,vélos,bicycle,bicycles",
    ),
];

/// What things are made of, in French and English.
pub(super) const MATERIALS: [(&str, &str); 16] = [
    ("coton bio", "organic cotton"),
    ("lin", "linen"),
    ("chanvre", "hemp"),
    ("laine", "wool"),
    ("bambou", "bamboo"),
    ("hêtre", "beech"),
    ("chêne", "oak"),
    ("inox", "stainless steel"),
    ("verre", "glass"),
    ("grès", "stoneware"),
    ("liège", "cork"),
    ("papier recyclé", "recycled paper"),
    ("caoutchouc", "rubber"),
    ("karité", "shea"),
    ("olive", "olive"),
    ("cire d'abeille", "beeswax"),
];

/// What makers praise about them.
pub(super) const QUALITIES: [(&str, &str); 16] = [
    ("artisanal", "handmade"),
    ("réutilisable", "reusable"),
    ("rechargeable", "refillable"),
    ("zéro déchet", "zero waste"),
    ("naturel", "natural"),
    ("durable", "lasting"),
    ("compact", "compact"),
    ("familial", "family size"),
    ("doux", "gentle"),
    ("robuste", "sturdy"),
    ("léger", "light"),
    ("compostable", "compostable"),
    ("vegan", "vegan"),
    ("solidaire", "fair"),
    ("nomade", "for travel"),
    ("vintage", "vintage"),
];

const FRENCH: &str = "de la le et les des en un une du dans pour par sur avec est qui sans plus ce \
    se au ses sa son cette vous votre ou tout très peut bien produit matière eau fait main sont \
    fabriqué atelier qualité chaque naturel quotidien emballage plastique recyclé papier carton \
    entretien lavage machine degrés laver sécher soleil douce peau cheveux parfum huile végétale \
    olive coco karité lavande miel argile fibre coton lin chanvre laine bois hêtre bambou verre \
    inox liège terre grès couleur taille modèle forme simple solide léger pratique durable années \
    garantie réparer pièce détachée recharge vrac litre gramme bouteille bocal boîte sachet \
    conseil utilisation appliquer mélanger verser rincer conserver abri lumière chaleur enfant \
    famille maison cuisine salle bain jardin voyage école bureau cadeau origine france bretagne \
    provence loire portugal italie europe label certifié contrôlé commerce équitable producteur \
    ferme coopérative savoir tradition famille artisan couture teinture impression encre végétal \
    compost déchet zéro énergie carbone transport local saison récolte plante fleur feuille racine \
    graine goût note fraîche épicée boisée sucre farine cacao café thé infusion tasse repas";

const ENGLISH: &str = "the of and a in is for to with it made from by on your this that are can be \
    as you its or at each more without very well product material water hand workshop quality \
    natural daily packaging plastic recycled paper cardboard care wash machine degrees dry sun \
    gentle skin hair scent oil plant olive coconut shea lavender honey clay fibre cotton linen \
    hemp wool wood beech bamboo glass steel cork earth stoneware colour size model shape simple \
    sturdy light practical lasting years warranty repair spare part refill bulk litre gram bottle \
    jar box bag advice use apply mix pour rinse keep away heat child family home kitchen bathroom \
    garden travel school office gift origin france brittany provence loire portugal italy europe \
    label certified checked fair trade grower farm cooperative craft tradition maker sewing dyeing \
    print ink vegetable compost waste zero energy carbon transport local season harvest flower leaf \
    root seed taste note fresh spicy woody sugar flour cocoa coffee tea infusion cup meal";

const FRENCH_SYLLABLES: [&str; 24] = [
    "ba", "cor", "dé", "fou", "gri", "lan", "mé", "nou", "per", "qui", "ros", "sé", "ti", "vau",
    "blan", "chi", "dor", "fleu", "gar", "mar", "plo", "ré", "sal", "ver",
];
const FRENCH_ENDINGS: [&str; 10] =
    ["e", "es", "ment", "eur", "able", "ique", "ette", "age", "oir", "ière"];
const ENGLISH_SYLLABLES: [&str; 24] = [
    "bar", "cle", "den", "fin", "gro", "hol", "ker", "lum", "mor", "nel", "pol", "rin", "sto",
    "tam", "wen", "bri", "cran", "dell", "fair", "glen", "hart", "mill", "shel", "thorn",
];
const ENGLISH_ENDINGS: [&str; 10] =
    ["", "s", "ing", "er", "ness", "ly", "ful", "ed", "wood", "stone"];

static FRENCH_WORDS: LazyLock<Vec<String>> =
    LazyLock::new(|| vocabulary(FRENCH, &FRENCH_SYLLABLES, &FRENCH_ENDINGS));
static ENGLISH_WORDS: LazyLock<Vec<String>> =
    LazyLock::new(|| vocabulary(ENGLISH, &ENGLISH_SYLLABLES, &ENGLISH_ENDINGS));

fn vocabulary(real: &str, syllables: &[&str], endings: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = real.split_whitespace().map(str::to_owned).collect();
    let mut dice = Dice::of(1, 1);
    while words.len() < VOCABULARY {
        let n_syllables = 2 + dice.roll(2);
        let mut word: String = (0..n_syllables).map(|_| *dice.pick(syllables)).collect();
        word.push_str(endings[dice.roll(endings.len())]);
        words.push(word);
    }
    words
}

/// Words of one language, in sentences.
pub(super) fn sentences(dice: &mut Dice, locale: Locale, n_words: usize) -> String {
    let words = if locale == Locale::FR { &*FRENCH_WORDS } else { &*ENGLISH_WORDS };
    let mut text = String::with_capacity(n_words * 7);
    let mut left_in_sentence = 0;
    for at in 0..n_words {
        let word = words[dice.zipf(VOCABULARY)].as_str();
        if left_in_sentence == 0 {
            text.push_str(if at == 0 { "" } else { ". " });
            let mut letters = word.chars();
            text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            text.push_str(letters.as_str());
            left_in_sentence = 6 + dice.roll(10);
        } else {
            text.push(' ');
            text.push_str(word);
        }
        left_in_sentence -= 1;
    }
    text.push('.');
    text
}

/// A name that a maker may have; few of them make most of the products.
pub(super) fn brand(place: usize) -> String {
    let syllable = |at: usize| FRENCH_SYLLABLES[at % FRENCH_SYLLABLES.len()];
    let name = format!("{}{}", syllable(place), syllable(place / 7 + 11));
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// What people type into the search field: words of names, one or two.
pub(crate) fn searches() -> Vec<&'static str> {
    SHELVES
        .iter()
        .flat_map(|(_, _, things)| things.split(';'))
        .filter_map(|thing| thing.split(',').next())
        .filter(|word| !word.contains(' '))
        .chain(["coton", "lin", "bambou", "verre", "lavande", "recyclé", "inox", "vegan"])
        .collect()
}
