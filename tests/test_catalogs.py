"""Whole captions, checked by eye, in four languages; and what translators are shown."""

import re
import subprocess
from pathlib import Path

import pytest

from daemon.engines.builtin.catalog import LANGUAGES, Catalog
from daemon.engines.builtin.keywords import NAMES, keywords, translated
from daemon.engines.builtin.say import say
from daemon.engines.builtin.when import Day
from scripts.example_captions import EXAMPLES, table

ROOT = Path(__file__).parent.parent
CATALOGS = ROOT / "daemon/engines/builtin/catalogs"


@pytest.fixture(scope="module")
def catalogs() -> dict[str, Catalog]:
    return {language: Catalog.load(language) for language in LANGUAGES}


def test_a_language_without_a_catalog_is_named_to_translators() -> None:
    for arguments in ([], ["en", "tlh"]):
        done = subprocess.run(
            [ROOT / "scripts/captions", *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert done.stdout == ""
        assert "usage: scripts/captions LANG" in done.stderr
        assert ("no catalog for tlh" in done.stderr) == bool(arguments)


def test_translators_see_every_example_and_every_tag_in_each_language() -> None:
    lines = list(table(["en", "ja"]))
    assert [line for line in lines if line[:1].strip()] == [*EXAMPLES, "all tags"]
    assert "  en caption  Picture." in lines
    assert "  ja caption  画像。" in lines
    assert [line for line in lines if line.startswith("  ja teal: ")] == ["  ja teal: 青緑"]
    assert len(lines) == len(EXAMPLES) * (1 + 2 * 3 + 1) + 1 + 2 * len(NAMES)


def test_the_messages_shown_to_translators_stand_in_the_catalogs() -> None:
    said = [path.read_text("utf-8") for path in sorted(CATALOGS.glob("*.ftl"))]
    guide = (ROOT / "docs/translating.md").read_text("utf-8")
    shown = [block for block in re.findall(r"```\n(.*?)```", guide, re.DOTALL) if " = " in block]
    assert len(shown) >= 3
    for block in shown:
        assert any(block in catalog for catalog in said), block


@pytest.mark.parametrize(
    ("example", "language", "caption"),
    [
        (
            "a photo with everything",
            "it",
            "Fotografia in cui predominano l’arancione e il marrone, con tocchi di blu. "
            "Toni scuri, colori vivaci, colori caldi. "
            "Data dello scatto: 1º luglio 2024, nei pressi di Cascais (Portogallo), in estate, "
            "nell’ora d’oro, fotocamera: Easel One, obiettivo: Easel 35 mm F2.",
        ),
        (
            "a photo with everything",
            "pt",
            "Fotografia em que predominam o laranja e o marrom, com toques de azul. "
            "Tons escuros, cores vivas, cores quentes. "
            "Tirada em 1º de julho de 2024, localidade próxima: Cascais (Portugal), no verão, "
            "na hora dourada, câmera: Easel One, objetiva: Easel 35 mm F2.",
        ),
        (
            "a photo with everything",
            "ja",
            "オレンジ、茶色を基調とする写真、一部に青。暗い色調、鮮やかな色、暖色系。"
            "2024年7月1日、Cascais（ポルトガル）付近で撮影、夏、ゴールデンアワー、"
            "カメラ：Easel One、レンズ：Easel 35 mm F2。",
        ),
        (
            "a photo with everything",
            "zh",
            "以橙色和棕色为主的照片，带有少许蓝色。暗色调，色彩鲜艳，暖色调。"
            "2024年7月1日拍摄于Cascais（葡萄牙）附近，夏季，黄金时刻，"
            "相机：Easel One，镜头：Easel 35 mm F2。",
        ),
        (
            "one colour prevails, month known",
            "it",
            "Fotografia in cui predomina il marrone. Nitidezza scarsa, contrasto ridotto. "
            "Data dello scatto: agosto 2024, fotocamera: Easel One.",
        ),
        (
            "one colour prevails, month known",
            "pt",
            "Fotografia em que predomina o marrom. Pouca nitidez, baixo contraste. "
            "Tirada em agosto de 2024, câmera: Easel One.",
        ),
        (
            "one colour prevails, month known",
            "ja",
            "茶色を基調とする写真。不鮮明、低コントラスト。2024年8月撮影、カメラ：Easel One。",
        ),
        (
            "one colour prevails, month known",
            "zh",
            "以棕色为主的照片。画面模糊，对比度低。拍摄于2024年8月，相机：Easel One。",
        ),
        (
            "three colours, two touches, year known",
            "ja",
            "白、灰色、緑を基調とする写真、一部にオレンジ、紫。"
            "パノラマサイズ、明るい色調、高コントラスト。2024年撮影、カメラ：Easel One。",
        ),
        (
            "three colours, two touches, year known",
            "zh",
            "以白色、灰色和绿色为主的照片，带有少许橙色和紫色。"
            "全景画幅，亮色调，对比度高。拍摄于2024年，相机：Easel One。",
        ),
        (
            "black and white, place known, a name with a vowel",
            "it",
            "Fotografia in bianco e nero in cui predomina il grigio. "
            "Scattata nei pressi di Agra (India), di notte, fotocamera: Easel One.",
        ),
        (
            "black and white, place known, a name with a vowel",
            "pt",
            "Fotografia em preto e branco em que predomina o cinza. "
            "Localidade próxima: Agra (Índia), à noite, câmera: Easel One.",
        ),
        (
            "black and white, place known, a name with a vowel",
            "ja",
            "灰色を基調とする白黒の写真。Agra（インド）付近で撮影、夜、カメラ：Easel One。",
        ),
        (
            "black and white, place known, a name with a vowel",
            "zh",
            "以灰色为主的黑白照片。拍摄于Agra（印度）附近，夜间，相机：Easel One。",
        ),
        (
            "four words",
            "it",
            "Fotografia in cui predominano il marrone e il rosso, "
            "con il testo «BYE BYE CREDIT CARD DEBT». "
            "Data dello scatto: 11 aprile 2024, fotocamera: Easel One.",
        ),
        (
            "four words",
            "pt",
            "Fotografia em que predominam o marrom e o vermelho, "
            "com o texto “BYE BYE CREDIT CARD DEBT”. "
            "Tirada em 11 de abril de 2024, câmera: Easel One.",
        ),
        (
            "four words",
            "ja",
            "茶色、赤を基調とする写真、「BYE BYE CREDIT CARD DEBT」の文字あり。"
            "2024年4月11日撮影、カメラ：Easel One。",
        ),
        (
            "four words",
            "zh",
            "以棕色和红色为主的照片，含文字“BYE BYE CREDIT CARD DEBT”。"
            "拍摄于2024年4月11日，相机：Easel One。",
        ),
        (
            "one word, codes, no camera",
            "it",
            "Immagine in cui predominano il bianco e il giallo, con il testo «OPEN», "
            "un codice QR e 2 codici a barre. "
            "Data: 8 dicembre 2023, luogo: nei pressi di Le Havre (Francia).",
        ),
        (
            "one word, codes, no camera",
            "pt",
            "Imagem em que predominam o branco e o amarelo, com o texto “OPEN”, "
            "um código QR e 2 códigos de barras. "
            "Data: 8 de dezembro de 2023, localidade próxima: Le Havre (França).",
        ),
        (
            "one word, codes, no camera",
            "ja",
            "白、黄色を基調とする画像、「OPEN」の文字、QRコード、バーコード2個あり。"
            "日付：2023年12月8日、場所：Le Havre（フランス）付近。",
        ),
        (
            "one word, codes, no camera",
            "zh",
            "以白色和黄色为主的图片，含文字“OPEN”、1个QR码和2个条形码。"
            "日期：2023年12月8日，地点：Le Havre（法国）附近。",
        ),
        (
            "a long text, the rarer codes",
            "it",
            "Documento in bianco e nero in cui predomina il bianco, con 28 righe di testo "
            "(«Minutes of the annual meeting, held on the third of…»), un codice Data Matrix "
            "e 3 codici a matrice. Data: 1998.",
        ),
        (
            "a long text, the rarer codes",
            "ja",
            "白を基調とする白黒の文書、28行のテキスト"
            "（「Minutes of the annual meeting, held on the third of…」）、"
            "データマトリックス、二次元コード3個あり。日付：1998年。",
        ),
        (
            "unreadable text, many colours",
            "pt",
            "Captura de tela com muitas cores, entre elas o preto, o verde e o turquesa, "
            "com texto que não pôde ser lido.",
        ),
        (
            "unreadable text, many colours",
            "zh",
            "包含黑色、绿色和蓝绿色等多种颜色的屏幕截图，含未能识读的文字。",
        ),
        ("one single colour", "it", "Grafica di un solo colore: rosso. Aree trasparenti."),
        ("one single colour", "pt", "Imagem gráfica de uma só cor: vermelho. Áreas transparentes."),
        ("one single colour", "ja", "赤一色のグラフィック。透明部分あり。"),
        ("one single colour", "zh", "单一颜色的图形：红色。含透明区域。"),
        (
            "an animation",
            "it",
            "Immagine animata in cui predominano il rosa e il beige, con tocchi di blu. "
            "Colori poco saturi, colori freddi.",
        ),
        (
            "a video with everything",
            "it",
            "Video in cui predomina il marrone. 1 minuto e 35 secondi, 4 inquadrature, "
            "molto movimento, con parlato, con sottotitoli (inglese e francese), toni scuri. "
            "Data della ripresa: 8 agosto 2024, nei pressi di Oaxaca (Messico), in estate, "
            "fotocamera: Easel Cine.",
        ),
        (
            "a video with everything",
            "pt",
            "Vídeo em que predomina o marrom. 1 minuto e 35 segundos, 4 planos, "
            "muito movimento, com fala, com legendas (inglês e francês), tons escuros. "
            "Gravado em 8 de agosto de 2024, localidade próxima: Oaxaca (México), no verão, "
            "câmera: Easel Cine.",
        ),
        (
            "a video with everything",
            "ja",
            "茶色を基調とする動画。1分35秒、4カット、動きが多い、話し声あり、"
            "字幕あり（英語、フランス語）、暗い色調。"
            "2024年8月8日、Oaxaca（メキシコ）付近で撮影、夏、カメラ：Easel Cine。",
        ),
        (
            "a video with everything",
            "zh",
            "以棕色为主的视频。1分钟35秒，4个镜头，画面变化大，有说话声，"
            "有字幕（英语和法语），暗色调。"
            "2024年8月8日拍摄于Oaxaca（墨西哥）附近，夏季，相机：Easel Cine。",
        ),
        (
            "a short video",
            "it",
            "Video. 0,4 secondi, un’inquadratura, quasi nessun movimento, "
            "con traccia audio silenziosa, con sottotitoli.",
        ),
        (
            "a short video",
            "pt",
            "Vídeo. 0,4 segundo, um plano, quase nenhum movimento, "
            "com faixa de áudio silenciosa, com legendas.",
        ),
        (
            "a short video",
            "ja",
            "動画。0.4秒、1カット、ほぼ動きなし、音声トラックは無音、字幕あり。",
        ),
        ("a short video", "zh", "视频。0.4秒，1个镜头，画面几乎静止，音轨无声，有字幕。"),
        (
            "a long video",
            "it",
            "Video. 2 ore e 2 minuti, 1.234 inquadrature, con audio (parlato non rilevato), "
            "con sottotitoli in 4 lingue. Data della ripresa: ottobre 2024, "
            "fotocamera: Easel Cine.",
        ),
        (
            "a long video",
            "pt",
            "Vídeo. 2 horas e 2 minutos, 1.234 planos, com áudio (fala não detectada), "
            "com legendas em 4 idiomas. Gravado em outubro de 2024, câmera: Easel Cine.",
        ),
        (
            "a long video",
            "ja",
            "動画。2時間2分、1,234カット、音あり（話し声は検出されず）、4言語の字幕あり。"
            "2024年10月撮影、カメラ：Easel Cine。",
        ),
        (
            "a long video",
            "zh",
            "视频。2小时2分钟，1,234个镜头，有声音（未检测到说话声），有4种语言的字幕。"
            "拍摄于2024年10月，相机：Easel Cine。",
        ),
        (
            "a video without sound, place known",
            "it",
            "Video. 1 minuto e 1 secondo, senza traccia audio. "
            "Ripreso nei pressi di Rio de Janeiro (Brasile), in inverno, fotocamera: Easel Cine.",
        ),
        (
            "a video without sound, place known",
            "pt",
            "Vídeo. 1 minuto e 1 segundo, sem faixa de áudio. "
            "Localidade próxima: Rio de Janeiro (Brasil), no inverno, câmera: Easel Cine.",
        ),
    ],
)
def test_a_caption_reads_as_it_was_checked(
    example: str, language: str, caption: str, catalogs: dict[str, Catalog]
) -> None:
    assert say(EXAMPLES[example], catalogs[language]).caption == caption


@pytest.mark.parametrize(
    ("example", "language", "alt"),
    [
        (
            "a short video",
            "ja",
            "動画。0.4秒、1カット、ほぼ動きなし、音声トラックは無音、字幕あり。",
        ),
        ("a short video", "zh", "视频；0.4秒，1个镜头，画面几乎静止，音轨无声，有字幕。"),
        ("one single colour", "it", "Grafica di un solo colore: rosso; aree trasparenti."),
        (
            "black and white, place known, a name with a vowel",
            "pt",
            "Fotografia em preto e branco em que predomina o cinza; "
            "localidade próxima: Agra (Índia).",
        ),
    ],
)
def test_alternative_texts_are_one_sentence_or_what_serves_as_one(
    example: str, language: str, alt: str, catalogs: dict[str, Catalog]
) -> None:
    assert say(EXAMPLES[example], catalogs[language]).alt == alt


@pytest.mark.parametrize(
    ("language", "tags"),
    [
        ("it", "bianco giallo quadrato testo codice-QR codice-a-barre nei-pressi-di-Le-Havre"),
        ("pt", "branco amarelo quadrado texto código-QR código-de-barras "
               "localidade-próxima:-Le-Havre"),
        ("ja", "白 黄色 正方形 テキスト QRコード バーコード Le-Havre付近"),
        ("zh", "白色 黄色 正方形 文字 QR码 条形码 Le-Havre附近"),
    ],
)  # fmt: skip
def test_tags_are_words_one_would_search(
    language: str, tags: str, catalogs: dict[str, Catalog]
) -> None:
    names = keywords(EXAMPLES["one word, codes, no camera"])
    said = translated(names, catalogs[language]).values()
    assert [word.replace(" ", "-") for word in said] == tags.split()


@pytest.mark.parametrize(
    ("language", "months"),
    [
        ("it", "gennaio 2024; agosto 2024; 31 dicembre 2024; 2024"),
        ("pt", "janeiro de 2024; agosto de 2024; 31 de dezembro de 2024; 2024"),
        ("ja", "2024年1月; 2024年8月; 2024年12月31日; 2024年"),
        ("zh", "2024年1月; 2024年8月; 2024年12月31日; 2024年"),
    ],
)
def test_a_date_is_spelled_as_far_as_it_is_known(
    language: str, months: str, catalogs: dict[str, Catalog]
) -> None:
    days = (Day(2024, 1), Day(2024, 8), Day(2024, 12, 31), Day(2024))
    assert [catalogs[language].day(day) for day in days] == months.split("; ")


@pytest.mark.parametrize(
    ("language", "lengths"),
    [
        ("it", ["1 secondo", "1,5 secondi", "1 minuto", "1 ora e 1 minuto", "3 ore"]),
        ("pt", ["1 segundo", "1,5 segundo", "1 minuto", "1 hora e 1 minuto", "3 horas"]),
        ("ja", ["1秒", "1.5秒", "1分", "1時間1分", "3時間"]),
        ("zh", ["1秒", "1.5秒", "1分钟", "1小时1分钟", "3小时"]),
    ],
)
def test_a_length_agrees_with_its_number(
    language: str, lengths: list[str], catalogs: dict[str, Catalog]
) -> None:
    seconds = (1.0, 1.5, 60.0, 3660.0, 10800.0)
    assert [catalogs[language].length(length) for length in seconds] == lengths
