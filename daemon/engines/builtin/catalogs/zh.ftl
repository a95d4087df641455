# Chinese in simplified characters; zh-Hant, zh-TW, zh-HK and zh-MO have no catalog.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl. No plural, no gender, no capitals, no space between
# sentences; full-width punctuation.

## Colours

# A colour: before 为主, as a main colour; .name by itself and as a tag; .touch after 少许.
colour-black = 黑色
    .name = 黑色
    .touch = 黑色
colour-white = 白色
    .name = 白色
    .touch = 白色
colour-grey = 灰色
    .name = 灰色
    .touch = 灰色
colour-red = 红色
    .name = 红色
    .touch = 红色
colour-orange = 橙色
    .name = 橙色
    .touch = 橙色
colour-yellow = 黄色
    .name = 黄色
    .touch = 黄色
colour-green = 绿色
    .name = 绿色
    .touch = 绿色
colour-blue = 蓝色
    .name = 蓝色
    .touch = 蓝色
colour-purple = 紫色
    .name = 紫色
    .touch = 紫色
colour-pink = 粉色
    .name = 粉色
    .touch = 粉色
colour-brown = 棕色
    .name = 棕色
    .touch = 棕色
colour-teal = 蓝绿色
    .name = 蓝绿色
    .touch = 蓝绿色
colour-beige = 米色
    .name = 米色
    .touch = 米色

## How sentences are put together

sentence = { $text }。
sentences = { $before }{ $after }
also = { $before }，{ $after }
aside = { $before }；{ $after }

## First sentence: what it is, and its colours

kind = { $kind ->
    [photo] 照片
    [screenshot] 屏幕截图
    [document] 文档
    [graphic] 图形
    [video] 视频
    [animation] 动态图片
   *[picture] 图片
 }
kind-mono = 黑白{ kind }
lead = 以{ $colours }为主的{ $what }
lead-many = 包含{ $names }等多种颜色的{ $what }
lead-plain = 单一颜色的{ $what }：{ $colour }
lead-touches = { $lead }，带有少许{ $colours }
lead-content = { $lead }，含{ $content }
words = 文字“{ $text }”
lines = { $n }行文字（“{ $text }……”）
unread = 未能识读的文字
code-qr = { $n }个QR码
code-barcode = { $n }个条形码
code-data-matrix = { $n }个Data Matrix码
code-matrix = { $n }个矩阵码

## Second sentence: how a video is made, and what stands out

hours = { $n }小时
minutes = { $n }分钟
seconds = { $n }秒
length = { $larger }{ $smaller }
shots = { $n }个镜头
motion-still = 画面几乎静止
motion-much = 画面变化大
sound-none = 无音轨
sound-silent = 音轨无声
sound-speech = 有说话声
sound-no-speech = 有声音（未检测到说话声）
sound-track = 有音轨
subtitles = 有字幕
subtitles-in = 有字幕（{ $languages }）
subtitles-many = 有{ $n }种语言的字幕

trait-blurry = 画面模糊
trait-dark = 暗色调
trait-bright = 亮色调
trait-high-contrast = 对比度高
trait-low-contrast = 对比度低
trait-vivid-colours = 色彩鲜艳
trait-muted-colours = 色彩饱和度低
trait-warm-colours = 暖色调
trait-cool-colours = 冷色调
trait-panorama = 全景画幅
trait-transparent = 含透明区域

## Last sentence: when, where and with what

date = { $month }{ $day }日
when = { $date }
place = { $name }（{ $country }）
near = { $place }附近
near-when = { $when }拍摄于{ $near }
taken = { $known ->
    [both] { $circumstances }
   *[when] 拍摄于{ $circumstances }
 }
date-only = 日期：{ $date }
place-only = 地点：{ $near }
season-spring = 春季
season-summer = 夏季
season-autumn = 秋季
season-winter = 冬季
daylight-golden-hour = 黄金时刻
daylight-night = 夜间
camera = 相机：{ $name }
lens = 镜头：{ $name }

## Tags

tag-video = 视频
tag-animation = 动图
tag-screenshot = 屏幕截图
tag-document = 文档
tag-graphic = 图形
tag-black-and-white = 黑白
tag-dark = 暗色
tag-bright = 亮色
tag-high-contrast = 高对比度
tag-low-contrast = 低对比度
tag-vivid-colours = 色彩鲜艳
tag-muted-colours = 低饱和度
tag-warm-colours = 暖色调
tag-cool-colours = 冷色调
tag-blurry = 模糊
tag-panorama = 全景
tag-square = 正方形
tag-transparent = 透明
tag-text = 文字
tag-text-in = { $language }文字
tag-qr-code = QR码
tag-barcode = 条形码
tag-data-matrix = Data Matrix
tag-matrix-code = 矩阵码
tag-speech = 说话声
tag-subtitles = 字幕
tag-silent = 无声
tag-sound-track = 音轨
tag-spring = 春季
tag-summer = 夏季
tag-autumn = 秋季
tag-winter = 冬季
tag-golden-hour = 黄金时刻
tag-night = 夜间
tag-near = { $place }附近
