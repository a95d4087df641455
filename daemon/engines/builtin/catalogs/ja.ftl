# Japanese.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl. No plural, no gender, no capitals, no space between
# sentences; full-width punctuation.

## Colours

# A colour: before を基調とする, as a main colour; .name by itself and as a tag; .touch after 一部に.
colour-black = 黒
    .name = 黒
    .touch = 黒
colour-white = 白
    .name = 白
    .touch = 白
colour-grey = 灰色
    .name = 灰色
    .touch = 灰色
colour-red = 赤
    .name = 赤
    .touch = 赤
colour-orange = オレンジ
    .name = オレンジ
    .touch = オレンジ
colour-yellow = 黄色
    .name = 黄色
    .touch = 黄色
colour-green = 緑
    .name = 緑
    .touch = 緑
colour-blue = 青
    .name = 青
    .touch = 青
colour-purple = 紫
    .name = 紫
    .touch = 紫
colour-pink = ピンク
    .name = ピンク
    .touch = ピンク
colour-brown = 茶色
    .name = 茶色
    .touch = 茶色
colour-teal = 青緑
    .name = 青緑
    .touch = 青緑
colour-beige = ベージュ
    .name = ベージュ
    .touch = ベージュ

## How sentences are put together

sentence = { $text }。
sentences = { $before }{ $after }
also = { $before }、{ $after }
aside = { $before }。{ $after }

## First sentence: what it is, and its colours

kind = { $kind ->
    [photo] 写真
    [screenshot] スクリーンショット
    [document] 文書
    [graphic] グラフィック
    [video] 動画
    [animation] アニメーション画像
   *[picture] 画像
 }
kind-mono = 白黒の{ kind }
lead = { $colours }を基調とする{ $what }
lead-many = { $names }など多くの色を含む{ $what }
lead-plain = { $colour }一色の{ $what }
lead-touches = { $lead }、一部に{ $colours }
lead-content = { $lead }、{ $content }あり
words = 「{ $text }」の文字
lines = { $n }行のテキスト（「{ $text }…」）
unread = 読み取れなかった文字
# A single one goes without its number.
code-qr = { $n ->
    [1] QRコード
   *[other] QRコード{ $n }個
 }
code-barcode = { $n ->
    [1] バーコード
   *[other] バーコード{ $n }個
 }
code-data-matrix = { $n ->
    [1] データマトリックス
   *[other] データマトリックス{ $n }個
 }
code-matrix = { $n ->
    [1] 二次元コード
   *[other] 二次元コード{ $n }個
 }

## Second sentence: how a video is made, and what stands out

hours = { $n }時間
minutes = { $n }分
seconds = { $n }秒
length = { $larger }{ $smaller }
shots = { $n }カット
motion-still = ほぼ動きなし
motion-much = 動きが多い
sound-none = 音声トラックなし
sound-silent = 音声トラックは無音
sound-speech = 話し声あり
sound-no-speech = 音あり（話し声は検出されず）
sound-track = 音声トラックあり
subtitles = 字幕あり
subtitles-in = 字幕あり（{ $languages }）
subtitles-many = { $n }言語の字幕あり

trait-blurry = 不鮮明
trait-dark = 暗い色調
trait-bright = 明るい色調
trait-high-contrast = 高コントラスト
trait-low-contrast = 低コントラスト
trait-vivid-colours = 鮮やかな色
trait-muted-colours = 彩度の低い色
trait-warm-colours = 暖色系
trait-cool-colours = 寒色系
trait-panorama = パノラマサイズ
trait-transparent = 透明部分あり

## Last sentence: when, where and with what

date = { $month }{ $day }日
when = { $date }
place = { $name }（{ $country }）
near = { $place }付近
near-when = { $when }、{ $near }
taken = { $known ->
    [when] { $circumstances }撮影
   *[near] { $circumstances }で撮影
 }
date-only = 日付：{ $date }
place-only = 場所：{ $near }
season-spring = 春
season-summer = 夏
season-autumn = 秋
season-winter = 冬
daylight-golden-hour = ゴールデンアワー
daylight-night = 夜
camera = カメラ：{ $name }
lens = レンズ：{ $name }

## Tags

tag-video = 動画
tag-animation = アニメーション
tag-screenshot = スクリーンショット
tag-document = 文書
tag-graphic = グラフィック
tag-black-and-white = 白黒
tag-dark = 暗い
tag-bright = 明るい
tag-high-contrast = 高コントラスト
tag-low-contrast = 低コントラスト
tag-vivid-colours = 鮮やかな色
tag-muted-colours = 彩度の低い色
tag-warm-colours = 暖色
tag-cool-colours = 寒色
tag-blurry = 不鮮明
tag-panorama = パノラマ
tag-square = 正方形
tag-transparent = 透明
tag-text = テキスト
tag-text-in = { $language }のテキスト
tag-qr-code = QRコード
tag-barcode = バーコード
tag-data-matrix = データマトリックス
tag-matrix-code = 二次元コード
tag-speech = 話し声
tag-subtitles = 字幕
tag-silent = 無音
tag-sound-track = 音声トラック
tag-spring = 春
tag-summer = 夏
tag-autumn = 秋
tag-winter = 冬
tag-golden-hour = ゴールデンアワー
tag-night = 夜
tag-near = { $place }付近
