"""Small words of each language around what is not to be seen, and the words that end it.

"A man without a hat standing in the water" is without a hat, and does stand in the water.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class NegativeWords(NamedTuple):
    """Those of one language.

    Attributes:
        articles: what stands right behind a negation and says nothing.
        ands, buts: what begins a further negative, and what ends one.
        ties: what only joins a negative to what stands before it: "a street with no people".
        determiners: what begins another thing; the word before it is a verb: "climbs a wall".
        of: what joins two words of one thing: "a pair of shoes".
        prepositions: what leads to where something is.
        within: those of them that may lead to where the negative is: "no people in the water".
        the: what stands behind these then.
        times: what is no place of the negative: "without people in the rain".
        there: what is one whatever it is said of: "no people in the background".
        it: what any preposition leads to then: "no trees around it".
        verbs: frequent forms, and what else says more of what the photo shows.
        participles: endings of such words; ``nouns`` are none.
        by: what stands behind "covered" or "surrounded".
        beings: what may be somewhere by itself: people, animals, vehicles.
        capitals: whether nouns are written with a capital.
    """

    articles: frozenset[str] = frozenset()
    ands: frozenset[str] = frozenset()
    buts: frozenset[str] = frozenset()
    ties: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    the: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    there: frozenset[str] = frozenset()
    it: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    participles: tuple[str, ...] = ()
    nouns: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    beings: frozenset[str] = frozenset()
    capitals: bool = False


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ENGLISH = NegativeWords(
    articles=_set("any of the a an his her their its my your our"),
    ands=_set("and or"),
    buts=_set("but"),
    ties=_set("with there is are was were has have having wearing wears that who which where"),
    determiners=_set("a an the his her their its some another two three one"),
    of=_set("of for to than like"),
    prepositions=_set(
        "in on at near next by behind under below beneath over above inside outside into onto with "
        "through across along against around beside besides between among during from down up off "
        "toward towards before after while who where when as because since until within"
    ),
    within=_set("in on"),
    the=_set("the it them front"),
    times=_set(
        "night sunset sunrise dawn dusk morning afternoon evening rain snow fog mist winter summer "
        "spring autumn fall sun sunshine dark city mountains woods forest countryside"
    ),
    there=_set("background foreground picture photo image frame shot view sight"),
    it=_set("it them"),
    verbs=_set(
        "is are was were has have had does do jumps stands runs sits walks holds plays rides "
        "climbs leaps looks takes wears swims performs chases smiles poses carries catches "
        "lays lies gets tries talks hangs throws pushes hits eats drives slides "
        "makes falls splashes goes leans kicks jogs dives waits kneels bites uses "
        "flies sleeps sit"
    ),
    participles=("ing",),
    nouns=_set(
        "building ring earring king thing string wing spring swing ceiling clothing lightning "
        "railing awning lighting pudding bunting covering wedding sibling duckling icing stocking "
        "lens"
    ),
    by=_set("in by with at from"),
    beings=_set(
        "people person persons man men woman women boy boys girl girls child children kid kids guy "
        "guys lady ladies baby babies toddler toddlers crowd crowds tourists pedestrians adult "
        "adults player players rider riders climber biker dog dogs puppy cat cats horse horses cow "
        "cows sheep bird birds duck ducks animal animals car cars truck trucks bus buses bike "
        "bikes bicycle bicycles boat boats ship ships train trains plane planes"
    ),
)
GERMAN = NegativeWords(
    articles=_set(
        "ein eine einen einem einer den die das der dem sein seine seinen ihr ihre ihren"
    ),
    ands=_set("und oder"),
    buts=_set("aber"),
    ties=_set("mit hat haben trägt tragen"),
    determiners=_set("ein eine einen einem einer den die das der dem des seinen ihren"),
    of=_set("von für"),
    prepositions=_set(
        "in im am an ans auf aufs vor vorm hinter unter über übers neben bei beim mit "
        "zwischen durch gegen um zum zur aus nach entlang vom während seit bis als nah nahe"
    ),
    within=_set("im in auf"),
    the=_set("dem den der"),
    times=_set(
        "abend morgen nacht winter sommer herbst frühling frühjahr schnee regen nebel "
        "dunkeln urlaub sonnenuntergang sonnenaufgang januar februar märz april mai juni juli "
        "august september oktober november dezember letzten wald gebirge stadt"
    ),
    there=_set("hintergrund vordergrund bild foto darauf drauf darin drin davor"),
    verbs=_set(
        "ist sind hat springt steht läuft sitzt rennt spielt spielen fährt fahren macht "
        "hält klettert klettern liegt geht gehen trägt stehen rennen schwimmt sitzen "
        "laufen rutscht wirft schaut surft kommt hängt jagt zieht reitet kniet tanzt isst "
        "trinkt schläft lacht"
    ),
    beings=_set(
        "mensch menschen leute leuten person personen mann männer männern frau frauen "
        "junge jungen mädchen kind kinder kindern baby babys touristen hund hunde hunden "
        "katze katzen pferd pferde pferden kuh kühe vogel vögel tier tiere tieren auto "
        "autos fahrrad fahrräder boot boote booten schiff schiffe zug züge bus busse"
    ),
    capitals=True,
)
FRENCH = NegativeWords(
    articles=_set("de un une le la les aucun aucune son sa ses leur leurs mon ma mes"),
    ands=_set("et ou ni"),
    buts=_set("mais"),
    ties=_set("avec"),
    determiners=_set("un une le la les son sa ses leur leurs deux trois"),
    of=_set("de du des pour"),
    prepositions=_set(
        "dans sur sous à au aux en près devant derrière avec chez vers pendant "
        "contre entre par depuis avant après qui"
    ),
    within=_set("dans sur"),
    the=_set("le la les"),
    times=_set(
        "nuit soir matin neige pluie brume brouillard montagne montagnes forêt ville campagne"
    ),
    there=_set("l'image"),
    verbs=_set(
        "est sont se a ont saute court fait joue jouent marche courent tient debout porte escalade "
        "nage assis assise descend regarde prend grimpe pose traverse surfe tente sourit lance "
        "glisse attrape conduit tombe plonge sauté vêtu vêtue habillé "
        "habillée allongé allongée couché penché dort mange boit danse"
    ),
    participles=("ant",),
    nouns=_set("enfant éléphant restaurant géant volant gant croissant diamant"),
    beings=_set(
        "gens personne personnes homme hommes femme femmes garçon garçons fille filles "
        "enfant enfants bébé touristes foule monde chien chiens chat chats cheval chevaux "
        "vache vaches oiseau oiseaux animal animaux voiture voitures vélo vélos bateau "
        "bateaux train trains bus"
    ),
)
SPANISH = NegativeWords(
    articles=_set("un una el la los las ningún ninguna su sus mi mis"),
    ands=_set("y e o u ni"),
    buts=_set("pero"),
    ties=_set("con"),
    determiners=_set("un una el la los las su sus dos tres"),
    of=_set("de del para"),
    prepositions=_set(
        "en sobre bajo con junto al a delante detrás cerca entre desde hasta durante hacia por "
        "que mientras"
    ),
    within=_set("en sobre"),
    the=_set("el la los las"),
    times=_set("noche mañana tarde nieve lluvia niebla montaña bosque ciudad campo"),
    there=_set("fondo imagen foto"),
    verbs=_set(
        "es son está están tiene tienen corre salta juega camina nada monta sube escala "
        "sentado sentada acostado vestido lleva mira sonríe duerme come bebe"
    ),
    participles=("ando", "iendo"),
    beings=_set(
        "gente persona personas hombre hombres mujer mujeres niño niños niña "
        "niñas bebé turistas perro perros gato gatos caballo caballos vaca vacas "
        "pájaro pájaros animal animales coche coches carro carros bici bicicleta "
        "bicicletas barco barcos tren trenes autobús"
    ),
)
CHINESE = NegativeWords(ands=_set("和 或 与 或者"))
ANDS = ENGLISH.ands | GERMAN.ands | FRENCH.ands | SPANISH.ands | CHINESE.ands

NEGATIONS = {
    **dict.fromkeys(("without", "no", "not", "neither", "nor"), ENGLISH),
    **dict.fromkeys(("ohne", "kein", "keine", "keinen", "keinem", "weder", "noch"), GERMAN),
    **dict.fromkeys(("sans", "pas", "ni"), FRENCH),  # "ni" is of Spanish as well
    **dict.fromkeys(("没有", "没", "不要", "不带", "无"), CHINESE),
}
"""What says that something is not to be seen, with the words of its language.

"Sin" does in Spanish only: it is an English word, and "his" in Swedish.
"""
EXCEPT = {
    **dict.fromkeys(("except", "excluding", "but"), ENGLISH),
    **dict.fromkeys(("außer", "ausser"), GERMAN),
    **dict.fromkeys(("sauf", "excepté", "hormis"), FRENCH),
    **dict.fromkeys(("excepto", "salvo", "menos"), SPANISH),
}
"""What says so of a part of what is to be seen, where it is not something else: "salvo" is a word
of English, "menos" is "less", and "außer" is "out of"."""
DENIALS = {
    *("nicht", "nie", "pas", "jamais", "nunca", "不是", "不", "不在", "除了"),
    *(word for word in EXCEPT if word != "but"),
}
"""What says "not" before a date or a name; that of English is read elsewhere."""
EVERYTHING = _set("all everything anything alle alles tous tout toutes todo todos todas")
"""What says no more than "photos" beside a filter; "but" is "not" behind it: "all but Rome"."""
FEW = frozenset(("no", "kein", "keine", "keinen", "keinem"))
"""Behind these "and a" begins what is there: "no shoes and a hat"."""
PHOTOS = _set(
    "photo photos picture pictures image images foto fotos bild bilder bildern imagen imágenes"
)
"""Of these what follows says which are meant: "no photos from 2019"."""
ONES = _set("those ones denen diejenigen celles ceux las los")
"""They stand for photos: "everything except those from Rome"."""
TAKEN = frozenset(("taken", "shot", "made", "photographed"))
"""What stands between photos and their place or time: "not taken in 2019"."""
NOBODY = {
    **dict.fromkeys(("nobody", "no-one"), ("no", "people")),
    **dict.fromkeys(("niemand", "niemanden", "niemandem"), ("ohne", "Menschen")),
}
"""What is a negation and what is not to be seen in one word, as both."""
BARE = _set(
    "shirt shirts t-shirt t-shirts tshirt top tops clothes clothing hemd hemden oberteil kleidung "
    "kleider chemise chemises vêtements camisa camisas camiseta camisetas ropa"
)
"""What people have on who are not bare."""


def is_denial(before: Sequence[str]) -> bool:
    """Whether the words before a date or a name, in lower case, end with a "not" of it."""
    if before[-1:] == ["but"]:
        return len(before) > 1 and before[-2] in EVERYTHING | PHOTOS
    return bool(before) and before[-1] in DENIALS
