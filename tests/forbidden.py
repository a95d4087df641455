"""Words for things that no measurement supports: objects, people, scenes, feelings, judgements."""

import re

_WORDS = {
    "en": "man woman men women person people child children face smile dog cat car house tree "
    "sky sea beach mountain forest flower food street city sunset sunrise landscape "
    "portrait indoor indoors outdoor outdoors happy sad calm gloomy cheerful cosy "
    "lonely romantic dramatic peaceful mood feeling beautiful lovely nice ugly stunning "
    "showing shows depicts music song talking handwriting",
    "es": "hombre mujer persona personas gente niño niña cara rostro sonrisa perro gato coche "
    "casa árbol cielo mar playa montaña bosque flor comida calle ciudad atardecer "
    "amanecer paisaje retrato interior exterior feliz triste tranquilo tranquila alegre "
    "melancólico romántico dramático ánimo sentimiento bonito bonita hermoso hermosa "
    "feo muestra música canción",
    "fr": "homme femme personne gens enfant visage sourire chien chat voiture maison arbre "
    "ciel mer plage montagne forêt fleur nourriture rue ville aube paysage portrait "
    "intérieur extérieur heureux heureuse triste calme gai gaie romantique dramatique "
    "humeur sentiment beau belle joli jolie laid montre musique chanson",
    "hi": "आदमी औरत व्यक्ति लोग बच्चा चेहरा मुस्कान कुत्ता बिल्ली गाड़ी घर पेड़ आसमान आकाश "
    "समुद्र पहाड़ जंगल फूल भोजन सड़क शहर सूर्यास्त परिदृश्य खुश दुखी उदास शांत सुंदर "
    "भावना संगीत गीत",
    "de": "Mann Frau Mensch Menschen Person Personen Leute Kind Gesicht Lächeln Hund Katze "
    "Auto Haus Baum Himmel Meer Strand Berg Wald Blume Essen Straße Stadt "
    "Sonnenuntergang Landschaft Porträt drinnen draußen fröhlich traurig ruhig düster "
    "romantisch Stimmung Gefühl schön hübsch hässlich zeigt Musik Lied",
    "it": "uomo donna persona persone gente bambino bambina volto viso sorriso cane gatto "
    "auto casa albero cielo mare spiaggia montagna bosco fiore cibo strada città "
    "tramonto paesaggio ritratto interno esterno felice triste calmo calma allegro "
    "romantico umore sentimento bello bella brutto mostra musica canzone",
    "pt": "homem mulher pessoa pessoas gente criança rosto cara sorriso cachorro cão gato "
    "carro casa árvore céu mar praia montanha floresta flor comida rua cidade "
    "entardecer paisagem retrato interior exterior feliz triste calmo calma alegre "
    "romântico humor sentimento bonito bonita feio mostra música canção",
    "ja": "人 男 女 子供 顔 笑 犬 猫 車 家 空 海 山 森 花 食 街 町 夕焼け 風景 室内 "
    "屋外 嬉 悲 楽 静か 美 感情 気分 歌",
    "zh": "人 男 女 孩 脸 笑 狗 猫 车 房 树 天空 海 山 森 花 食 街 城 日落 风景 室内 "
    "户外 快乐 悲 忧 平静 美 情 心 歌",
}
# Vowel signs of Hindi are the end of a word to \b; Japanese and Chinese have no spaces.
_BOUNDS = {"hi": (r"(?<![\u0900-\u097f])", r"(?![\u0900-\u097f])"), "ja": ("", ""), "zh": ("", "")}


def forbidden(language: str) -> re.Pattern[str]:
    """Match what must never be said in *language*."""
    before, after = _BOUNDS.get(language, (r"\b", r"\b"))
    words = "|".join(_WORDS[language].split())
    return re.compile(f"{before}(?:{words}){after}", re.IGNORECASE)
