"""The closed vocabulary of the tests' sentences, in English and four other languages.

Rows are English -> (Spanish, French, German, Hindi). Where a language inflects, the row holds the
forms that the sentences of :mod:`tests.models.sentences` need, and nothing more.
"""

from dataclasses import dataclass

LANGUAGES = ("es", "fr", "de", "hi")
CODES = {"en": "eng_Latn", "es": "spa_Latn", "fr": "fra_Latn", "de": "deu_Latn", "hi": "hin_Deva"}
Row = tuple[str, str, str, str]

# Shapes with their gender, or in German their article.
SHAPES: dict[str, Row] = {
    "circle": ("m círculo", "m cercle", "m Kreis", "m वृत्त"),
    "square": ("m cuadrado", "m carré", "n Quadrat", "m वर्ग"),
    "cross": ("f cruz", "f croix", "n Kreuz", "m क्रॉस"),
}
# Colours: masculine/feminine; in German the stem; in Hindi direct/oblique.
COLOURS: dict[str, Row] = {
    "red": ("rojo/roja", "rouge/rouge", "rot", "लाल/लाल"),
    "green": ("verde/verde", "vert/verte", "grün", "हरा/हरे"),
    "blue": ("azul/azul", "bleu/bleue", "blau", "नीला/नीले"),
    "yellow": ("amarillo/amarilla", "jaune/jaune", "gelb", "पीला/पीले"),
    "purple": ("morado/morada", "violet/violette", "violett", "बैंगनी/बैंगनी"),
    "cyan": ("cian/cian", "cyan/cyan", "cyanfarben", "फ़िरोज़ी/फ़िरोज़ी"),
}
BACKGROUNDS: dict[str, Row] = {
    "light": ("claro", "clair", "hell", "हल्की"),
    "grey": ("gris", "gris", "grau", "धूसर"),
    "dark": ("oscuro", "sombre", "dunkel", "गहरी"),
}
MOVES: dict[str, Row] = {
    "left": ("hacia la izquierda", "vers la gauche", "nach links", "बाईं ओर"),
    "right": ("hacia la derecha", "vers la droite", "nach rechts", "दाईं ओर"),
    "up": ("hacia arriba", "vers le haut", "nach oben", "ऊपर की ओर"),
    "down": ("hacia abajo", "vers le bas", "nach unten", "नीचे की ओर"),
}
# Words that stand alone: tags and sentiments.
LONE_WORDS: dict[str, Row] = {
    "left": ("izquierda", "gauche", "links", "बाएँ"),
    "right": ("derecha", "droite", "rechts", "दाएँ"),
    "up": ("arriba", "haut", "oben", "ऊपर"),
    "down": ("abajo", "bas", "unten", "नीचे"),
    "positive": ("positivo", "positif", "positiv", "सकारात्मक"),
    "neutral": ("neutro", "neutre", "neutral", "तटस्थ"),
    "negative": ("negativo", "négatif", "negativ", "नकारात्मक"),
}
# People as they stand inside a sentence; in Hindi with the ending of the verb.
PEOPLE: dict[str, Row] = {
    "Anna": ("Anna", "Anna", "Anna", "अन्ना/ती है"),
    "Paul": ("Paul", "Paul", "Paul", "पॉल/ता है"),
    "Dr. Silva": ("el Dr. Silva", "le Dr Silva", "Dr. Silva", "डॉ. सिल्वा/ते हैं"),
    "Dr. Kumar": ("el Dr. Kumar", "le Dr Kumar", "Dr. Kumar", "डॉ. कुमार/ते हैं"),
    "Mr. Brown": ("el Sr. Brown", "M. Brown", "Herr Brown", "श्री ब्राउन/ते हैं"),
    "Mrs. Rossi": ("la Sra. Rossi", "Mme Rossi", "Frau Rossi", "श्रीमती रॉसी/ती हैं"),
}
COUNTED: dict[str, Row] = {
    "boats": ("barcos", "bateaux", "Boote", "नावें"),
    "birds": ("pájaros", "oiseaux", "Vögel", "पक्षी"),
    "books": ("libros", "livres", "Bücher", "किताबें"),
    "trees": ("árboles", "arbres", "Bäume", "पेड़"),
    "houses": ("casas", "maisons", "Häuser", "घर"),
}
SIGNS: dict[str, Row] = {
    "open": ("abierto", "ouvert", "offen", "खुला"),
    "closed": ("cerrado", "fermé", "geschlossen", "बंद"),
    "exit": ("salida", "sortie", "Ausgang", "निकास"),
    "for sale": ("se vende", "à vendre", "zu verkaufen", "बिकाऊ"),
    "welcome": ("bienvenidos", "bienvenue", "willkommen", "स्वागत"),
}
SPEECHES: dict[str, Row] = {
    "Come in": ("Pase", "Entrez", "Kommen Sie herein", "अंदर आइए"),
    "Wait here": ("Espere aquí", "Attendez ici", "Warten Sie hier", "यहाँ रुकिए"),
    "Good morning": ("Buenos días", "Bonjour", "Guten Morgen", "सुप्रभात"),
    "Thank you": ("Gracias", "Merci", "Danke", "धन्यवाद"),
}
MONTHS: dict[str, Row] = {
    "January": ("enero", "janvier", "Januar", "जनवरी"),
    "March": ("marzo", "mars", "März", "मार्च"),
    "July": ("julio", "juillet", "Juli", "जुलाई"),
    "October": ("octubre", "octobre", "Oktober", "अक्टूबर"),
}
# Places with their gender.
PLACES: dict[str, Row] = {
    "café": ("m el café", "m le café", "m das Café", "m कैफ़े"),
    "museum": ("m el museo", "m le musée", "m das Museum", "m संग्रहालय"),
    "library": ("f la biblioteca", "f la bibliothèque", "m die Bibliothek", "m पुस्तकालय"),
    "shop": ("f la tienda", "f la boutique", "m der Laden", "f दुकान"),
}
STATES: dict[str, Row] = {
    "open": ("abierto/abierta", "ouvert/ouverte", "offen/offen", "खुला/खुली"),
    "closed": ("cerrado/cerrada", "fermé/fermée", "geschlossen/geschlossen", "बंद/बंद"),
}
CITIES: dict[str, Row] = {
    "Paris": ("París", "Paris", "Paris", "पेरिस"),
    "St. Malo": ("Saint-Malo", "Saint-Malo", "Saint-Malo", "सेंट मालो"),
    "Delhi": ("Delhi", "Delhi", "Delhi", "दिल्ली"),
}
COUNTS = tuple(str(number) for number in range(2, 31))
DAYS = tuple(str(day) for day in range(2, 29))
YEARS = tuple(str(year) for year in range(2019, 2027))
PRICES = ("1.20", "2.75", "3.50", "4.60", "8.90", "12.50", "19.99", "25.00")
TIMES = ("6:15", "8:30", "9:45", "12:20", "18:05", "21:40")


@dataclass(frozen=True, slots=True)
class Thing:
    """A coloured shape with its article: as the subject, and after a preposition."""

    subject: str
    after: str


@dataclass(frozen=True, slots=True)
class Person:
    """A name, and what a Hindi verb ends in after it."""

    name: str
    ending: str = ""

    def __str__(self) -> str:
        return self.name


def thing(colour: str, shape: str, language: str) -> Thing:
    """Say *colour* *shape* with its indefinite article in *language*."""
    column = LANGUAGES.index(language)
    gender, noun = SHAPES[shape][column].split(" ")
    hue = COLOURS[colour][column]
    if language == "de":
        ending = "er" if gender == "m" else "es"
        return Thing(f"ein {hue}{ending} {noun}", f"einem {hue}en {noun}")
    first, second = hue.split("/")
    if language == "hi":
        return Thing(f"एक {first} {noun}", f"एक {second} {noun}")
    article = {"es": {"m": "un", "f": "una"}, "fr": {"m": "un", "f": "une"}}[language][gender]
    said = f"{article} {noun} {first if gender == 'm' else second}"
    return Thing(said, said)


def person(name: str, language: str) -> Person:
    """Say *name* in *language*."""
    said, _, ending = PEOPLE[name][LANGUAGES.index(language)].partition("/")
    return Person(said, ending)


def question(place: str, state: str, language: str) -> str:
    """Ask in *language* whether *place* is *state*."""
    column = LANGUAGES.index(language)
    gender, name = PLACES[place][column].split(" ", 1)
    is_so = STATES[state][column].split("/")["mf".index(gender)]
    return {
        "es": f"¿Está {is_so} {name}?",
        "fr": f"{name} est-{'il' if gender == 'm' else 'elle'} {is_so} ?",
        "de": f"Ist {name} {is_so}?",
        "hi": f"क्या {name} {is_so} है?",
    }[language]
