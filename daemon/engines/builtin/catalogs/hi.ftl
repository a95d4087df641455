# Hindi.
# Reviewed by a native reader: no
#
# What each message and its variables mean stands in en.ftl.

## Colours

# A colour: before रंग (one) or रंग in the plural; .name by itself and as a tag; .touch in the oblique case.
colour-black = { $n ->
    [one] काला
   *[other] काले
 }
    .name = काला
    .touch = काले
colour-white = सफ़ेद
    .name = सफ़ेद
    .touch = सफ़ेद
colour-grey = स्लेटी
    .name = स्लेटी
    .touch = स्लेटी
colour-red = लाल
    .name = लाल
    .touch = लाल
colour-orange = नारंगी
    .name = नारंगी
    .touch = नारंगी
colour-yellow = { $n ->
    [one] पीला
   *[other] पीले
 }
    .name = पीला
    .touch = पीले
colour-green = { $n ->
    [one] हरा
   *[other] हरे
 }
    .name = हरा
    .touch = हरे
colour-blue = { $n ->
    [one] नीला
   *[other] नीले
 }
    .name = नीला
    .touch = नीले
colour-purple = बैंगनी
    .name = बैंगनी
    .touch = बैंगनी
colour-pink = गुलाबी
    .name = गुलाबी
    .touch = गुलाबी
colour-brown = { $n ->
    [one] भूरा
   *[other] भूरे
 }
    .name = भूरा
    .touch = भूरे
colour-teal = फ़िरोज़ी
    .name = फ़िरोज़ी
    .touch = फ़िरोज़ी
colour-beige = बेज
    .name = बेज
    .touch = बेज

## How sentences are put together

sentence = { $text }।
sentences = { $before } { $after }
also = { $before }, { $after }
aside = { $before }; { $after }

## First sentence: what it is, and its colours. Only फ़ोटो is feminine.

kind = { $kind ->
    [photo] फ़ोटो
    [screenshot] स्क्रीनशॉट
    [document] दस्तावेज़
    [graphic] ग्राफ़िक
    [video] वीडियो
    [animation] ऐनिमेटेड चित्र
   *[picture] चित्र
 }
kind-mono = श्वेत-श्याम { kind }
lead = { $what }, जिसमें मुख्यतः { $colours } रंग { $n ->
    [one] है
   *[other] हैं
 }
lead-many = कई रंगों { $kind ->
    [photo] की
   *[other] का
 } { $what }, जिनमें { $names } शामिल हैं
lead-plain = केवल एक रंग { $kind ->
    [photo] की
   *[other] का
 } { $what }: { $colour }
lead-touches = { $lead }, साथ में { $colours } { $n ->
    [one] रंग
   *[other] रंगों
 } की झलक
lead-content = { $lead }, साथ में { $content }
words = “{ $text }” शब्द
lines = { $n ->
    [1] एक पंक्ति
   *[other] { $n } पंक्तियों
 } का पाठ (“{ $text } …”)
unread = पाठ जो पढ़ा नहीं जा सका
code-qr = { $n ->
    [1] एक QR कोड
   *[other] { $n } QR कोड
 }
code-barcode = { $n ->
    [1] एक बारकोड
   *[other] { $n } बारकोड
 }
code-data-matrix = { $n ->
    [1] एक Data Matrix कोड
   *[other] { $n } Data Matrix कोड
 }
code-matrix = { $n ->
    [1] एक मैट्रिक्स कोड
   *[other] { $n } मैट्रिक्स कोड
 }

## Second sentence: how a video is made, and what stands out

hours = { $n ->
    [one] { $n } घंटा
   *[other] { $n } घंटे
 }
minutes = { $n } मिनट
seconds = { $n } सेकंड
length = { $larger } { $smaller }
shots = { $n ->
    [one] एक शॉट
   *[other] { $n } शॉट
 }
motion-still = लगभग कोई हलचल नहीं
motion-much = बहुत हलचल
sound-none = बिना ध्वनि ट्रैक के
sound-silent = मौन ध्वनि ट्रैक सहित
sound-speech = बोलने की आवाज़ सहित
sound-no-speech = ध्वनि सहित (बोलने की आवाज़ नहीं मिली)
sound-track = ध्वनि ट्रैक सहित
subtitles = उपशीर्षक सहित
subtitles-in = उपशीर्षक सहित ({ $languages })
subtitles-many = { $n } भाषाओं के उपशीर्षक सहित

trait-blurry = धुँधलापन
trait-dark = गहरे टोन
trait-bright = हल्के टोन
trait-high-contrast = अधिक कंट्रास्ट
trait-low-contrast = कम कंट्रास्ट
trait-vivid-colours = चटक रंग
trait-muted-colours = फीके रंग
trait-warm-colours = गर्म रंग
trait-cool-colours = ठंडे रंग
trait-panorama = पैनोरमा आकार
trait-transparent = पारदर्शी हिस्से

## Last sentence: when, where and with what

date = { $day } { $month }
when = { $date } { $precision ->
    [day] को
   *[month] में
 }
place = { $name } ({ $country })
near = { $place } के पास
near-when = { $when } { $near }
taken = { $circumstances } { $how ->
    [video] रिकॉर्ड किया गया
   *[photo] ली गई
 }
date-only = तारीख़: { $date }
place-only = स्थान: { $near }
season-spring = वसंत ऋतु
season-summer = ग्रीष्म ऋतु
season-autumn = शरद ऋतु
season-winter = शीत ऋतु
daylight-golden-hour = गोल्डन आवर में
daylight-night = रात में
camera = कैमरा: { $name }
lens = लेंस: { $name }

## Tags

tag-video = वीडियो
tag-animation = ऐनिमेशन
tag-screenshot = स्क्रीनशॉट
tag-document = दस्तावेज़
tag-graphic = ग्राफ़िक
tag-black-and-white = श्वेत-श्याम
tag-dark = गहरा
tag-bright = उजला
tag-high-contrast = अधिक कंट्रास्ट
tag-low-contrast = कम कंट्रास्ट
tag-vivid-colours = चटक रंग
tag-muted-colours = फीके रंग
tag-warm-colours = गर्म रंग
tag-cool-colours = ठंडे रंग
tag-blurry = धुँधला
tag-panorama = पैनोरमा
tag-square = वर्गाकार
tag-transparent = पारदर्शी
tag-text = पाठ
tag-text-in = { $language } में पाठ
tag-qr-code = QR कोड
tag-barcode = बारकोड
tag-data-matrix = Data Matrix
tag-matrix-code = मैट्रिक्स कोड
tag-speech = बोलने की आवाज़
tag-subtitles = उपशीर्षक
tag-silent = बिना ध्वनि
tag-sound-track = ध्वनि ट्रैक
tag-spring = वसंत
tag-summer = गर्मी
tag-autumn = शरद
tag-winter = सर्दी
tag-golden-hour = गोल्डन आवर
tag-night = रात
tag-near = { $place } के पास
