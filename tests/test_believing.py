"""Bad answers by name: each is caught for a reason, or cleaned; none is written as it came."""

from typing import Any

import pytest

from daemon.believing import Unusable
from tests.believable import question, value

DOG = "A brown dog runs along the beach."
SAYS_NOTHING, CIRCLES, ALOUD = "says nothing", "round in circles", "thinks aloud"
REFUSAL, ECHO, LONG, DATA = "is a refusal", "repeats the question", "runs on for", "is data where"

CAUGHT = {
    # nothing
    "empty": ("caption", "", "is empty"),
    "only space": ("caption", " \n\t\u00a0 ", "is empty"),
    "only what cannot be seen": ("caption", "\x00\u202e\u200b\ufeff", "is empty"),
    "only marks": ("caption", "<p></p>\n---\n**", "is empty"),
    "the word none": ("caption", "None.", SAYS_NOTHING),
    "null": ("caption", "null", SAYS_NOTHING),
    "null in JSON": ("caption", '{"caption": null}', DATA),
    "a form to fill in": ("caption", "[Insert caption here]", SAYS_NOTHING),
    "a template's words": ("alt", "Lorem ipsum dolor sit amet.", SAYS_NOTHING),
    "an empty list of tags": ("tags", "[]", "no keyword"),
    "an empty object": ("summary", "{}", DATA),
    # endless
    "80,000 words": ("caption", "the sky is blue over a hill of grass and " * 9_000, LONG),
    "5 MB on one line": ("tags", "x" * 5_000_000, LONG),
    "a whole novel": (
        "caption",
        " ".join(f"Dog {n} runs past tree {n * 7}." for n in range(999)),
        LONG,
    ),
    "a word again and again": ("caption", "A dog dog dog dog dog dog dog dog dog.", CIRCLES),
    "a loop at the end": ("caption", f"{DOG} " + "It is happy. It runs. " * 9, CIRCLES),
    "a loop in the middle": ("caption", f"{DOG} " + "a red ball and " * 8 + "a blue sea.", CIRCLES),
    "the same sentence between others": (
        "caption",
        "The dog is brown. The sea is calm. The dog is brown. The sky is grey. The dog is brown.",
        CIRCLES,
    ),
    "lines that come again": ("creative", "The logo is red.\nThe text is big.\n" * 5, CIRCLES),
    "a loop that counts": (
        "caption",
        " ".join(f"In row {n} there is a dog." for n in range(30)),
        CIRCLES,
    ),
    "a letter that sticks": ("caption", "A dog runs alo" + "o" * 60, CIRCLES),
    "signs that stick": ("caption", "A dog " + "!?" * 50, CIRCLES),
    "tags in a loop": ("tags", "dog, sea, sand, sky, " * 40, CIRCLES),
    "cut off in the first sentence": ("caption", "A dog that runs along", "never came to an end"),
    "broken off at a little word": ("caption", "A dog runs along the", "never came to an end"),
    "half JSON without a sentence": ("caption", '{"caption": "A dog ru', "never came to an end"),
    # thoughts
    "thoughts that do not end": (
        "caption",
        "<think>The user wants a caption. A dog.",
        "does not end",
    ),
    "thoughts of another kind": ("tags", "[THINK] I see a dog.", "does not end"),
    "a channel of thoughts": (
        "caption",
        "<|channel|>analysis<|message|>A dog is seen.",
        "does not end",
    ),
    "the user wants": ("caption", "Okay, the user wants a caption. A dog runs.", ALOUD),
    "let me think": ("caption", "Let me think about this picture. It has a dog.", ALOUD),
    "step by step": ("caption", "Step 1: Look at the subject. Step 2: It is a dog.", ALOUD),
    "second thoughts": ("caption", "A dog runs. Wait, I should keep it under 40 words.", ALOUD),
    "a plan": ("summary", "First, I need to describe the dog. Then the sea.", ALOUD),
    "thoughts before tags": ("tags", "Hmm, let me see: dog, sea, sand", ALOUD),
    "thoughts before findings": ("quality", "We need to list faults. blurred: the dog", ALOUD),
    # the question again
    "the question": ("caption", question("caption").text, ECHO),
    "the preamble": ("caption", question("caption").preamble, ECHO),
    "a rule of the question": (
        "alt",
        "Begin with the subject itself. Never begin with Image of, Picture of or the like.",
        ECHO,
    ),
    "what was known": ("caption", 'Taken: "2024-05-01 10:00"\nCamera: "NIKON D750"', ECHO),
    "what was known, bare": ("summary", "Camera: NIKON D750", ECHO),
    "the marks": ("caption", "<<<\nA dog runs.\n>>>", ECHO),
    "the roles of a chat": ("caption", f"USER: {question('caption').text} ASSISTANT:", ECHO),
    # refusals and what is no answer
    "sorry": ("caption", "I'm sorry, but I can't help with identifying people.", REFUSAL),
    "sorry with a curved sign": ("caption", "I’m sorry, I can’t assist with that.", REFUSAL),
    "cannot": ("alt", "I cannot describe this image.", REFUSAL),
    "a language model": ("caption", "As an AI language model, I do not see pictures.", REFUSAL),
    "no picture": ("caption", "There is no image attached to your message.", REFUSAL),
    "asks for a picture": ("caption", "Please upload the picture you want described.", REFUSAL),
    "unfortunately": (
        "summary",
        "Unfortunately, the video could not be loaded, so I am lost.",
        REFUSAL,
    ),
    "a polite refusal of tags": (
        "tags",
        "I'm sorry, but I can't assist with that request.",
        REFUSAL,
    ),
    "a refusal of a judgement": ("sentiment", "I can't judge the feelings of people.", REFUSAL),
    "a refusal in JSON": ("caption", '{"caption": "I cannot identify this person."}', REFUSAL),
    "an error message": ("caption", "Error: CUDA out of memory", "is an error message"),
    "a proxy's page": ("caption", "<html><head><title>502 Bad Gateway</title>", "is a web page"),
    "a proxy's words": ("caption", "502 Bad Gateway nginx", "is an error message"),
    "a program": ("caption", "```python\nprint('A dog')\n```", "is a program"),
    "several to choose from": (
        "caption",
        "Option 1: A dog.\n\nOption 2: A beach.",
        "to choose from",
    ),
    "a list to choose from": ("alt", f"1. {DOG}\n2. A dog at the sea.", "to choose from"),
    "one word": ("caption", "Dog.", SAYS_NOTHING),
    "data": ("caption", '{"width": 3, "height": 4}', DATA),
    "a list of numbers": ("creative", "[1, 2, 3]", DATA),
    # other languages
    "Spanish": (
        "caption",
        "Un perro marrón corre por la playa junto al mar con una pelota.",
        "Spanish",
    ),
    "German": (
        "caption",
        "Ein brauner Hund läuft mit einem Ball am Strand und ist nass.",
        "German",
    ),
    "French": ("alt", "Un chien brun court sur la plage avec une balle dans la gueule.", "French"),
    "Chinese": ("caption", "一只棕色的狗在海滩上奔跑，旁边是大海。", "Chinese characters"),
    "Russian": ("caption", "Коричневая собака бежит по пляжу.", "Cyrillic letters"),
    "Hindi": ("summary", "एक भूरा कुत्ता समुद्र तट पर दौड़ रहा है।", "Devanagari letters"),
    "English that turns Chinese": (
        "caption",
        "A dog 一只棕色的狗在海滩上奔跑旁边是大海。",
        "Chinese characters",
    ),
    "Russian tags": ("tags", "собака, море, пляж", "not in English"),
    # sound
    "nothing but sound": (
        "caption",
        "Upbeat music plays while voices can be heard.",
        "no sound was",
    ),
    "nothing but speech": (
        "caption",
        "A narrator explains how to bake bread.",
        "no sound was heard",
    ),
    # judgements and findings
    "no label": ("sentiment", "happy", "does not begin with"),
    "a label denied": ("sentiment", "Not positive", "does not begin with"),
    "all labels": ("sentiment", "positive, neutral, negative or mixed", "several sentiments"),
    "a label with a looping analysis": ("sentiment", "positive\n\n" + "It is warm. " * 9, CIRCLES),
    "findings off the list": ("moderation", "a dog on a beach", "nothing of the list"),
    "findings in prose": ("quality", "The photo looks fine to most people.", "nothing of the list"),
}

CLEANED: dict[str, tuple[Any, ...]] = {
    # openings and closings
    "the image shows": ("caption", "The image shows a dog on a beach.", "A dog on a beach."),
    "this picture depicts": ("caption", "This picture depicts two dogs.", "Two dogs."),
    "here is a caption": ("caption", f"Here is a caption for the picture:\n\n{DOG}", DOG),
    "sure": ("caption", f"Sure! Here's a description of the image:\n\n{DOG}", DOG),
    "in this video, we see": ("caption", "In this video, we see a dog at sea.", "A dog at sea."),
    "based on": ("caption", "Based on the frames, the video shows a dog.", "A dog."),
    "image of": ("alt", "Image of a cat on a wall.", "A cat on a wall."),
    "a label": ("alt", f"**Alt text:** {DOG}", DOG),
    "a label in the midst of openings": ("caption", f"Certainly! Caption: {DOG}", DOG),
    "quotation marks": ("alt", f'"{DOG}"', DOG),
    "curved quotation marks": ("alt", f"“{DOG}”", DOG),
    "I hope this helps": ("caption", f"{DOG}\n\nI hope this helps! Let me know if it does.", DOG),
    "would you like": ("caption", f"{DOG} Would you like another version?", DOG),
    "a count of words": ("caption", f"{DOG}\n\n(Word count: 7)", DOG),
    "an excuse in the middle": (
        "caption",
        f"{DOG} I cannot identify its owner. It rains.",
        f"{DOG} It rains.",
    ),
    "a title": ("caption", f"Title: Golden Hour\n\n{DOG}", DOG),
    "a final answer": ("caption", f"The final answer is: $\\boxed{{{DOG}}}$", DOG),
    "hashtags below a text": ("caption", f"{DOG}\n\n#dog #beach #sea", DOG),
    "tags below a text": ("caption", f"{DOG}\n\nTags: dog, beach", DOG),
    "a list of things below a text": ("caption", f"{DOG}\n\n**Things:**\n\n* Dog\n* Beach", DOG),
    "line ends in letters": ("caption", f"{DOG}\\n\\nIt rains.\\n", f"{DOG}\n\nIt rains."),
    # JSON
    "JSON": ("caption", f'{{"caption": "{DOG}"}}', DOG),
    "a JSON string": ("caption", f'"{DOG}\\n\\nIt rains."', f"{DOG}\n\nIt rains."),
    "fenced JSON": ("caption", f'```json\n{{"caption": "{DOG}"}}\n```', DOG),
    "JSON in prose": ("caption", f'Here is the JSON: {{"caption": "{DOG}"}} Enjoy!', DOG),
    "JSON with a last comma": ("caption", f'{{"caption": "{DOG}",}}', DOG),
    "JSON in single quotes": (
        "caption",
        "{'caption': 'A dog's nose is wet.'}",
        "A dog's nose is wet.",
    ),
    "half JSON": ("caption", f'{{"caption": "{DOG} It ra', DOG),
    "JSON in JSON": ("caption", f'{{"answer": {{"text": "{DOG}"}}}}', DOG),
    "a list of paragraphs": ("caption", f'["{DOG}", "It rains."]', f"{DOG}\n\nIt rains."),
    "other words for the key": ("summary", f'{{"Description": "{DOG}", "score": 3}}', DOG),
    # thoughts and chat
    "thoughts in marks": ("caption", f"<think>Hmm, what is it?</think>\n\n{DOG}", DOG),
    "thoughts that only end": ("caption", f"It may be a dog.\n</think>\n{DOG}", DOG),
    "a final channel": (
        "caption",
        "<|channel|>analysis<|message|>A dog?<|end|><|start|>assistant<|channel|>final<|message|>"
        + DOG,
        DOG,
    ),
    "marks of a chat": (
        "caption",
        f"<|start_header_id|>assistant<|end_header_id|>\n\n{DOG}<|eot_id|>",
        DOG,
    ),
    "a chat in full": (
        "caption",
        f"system\nYou are a helpful assistant.\nuser\nDescribe this.\nassistant\n{DOG}",
        DOG,
    ),
    "a role behind a mark": ("caption", f"<|im_start|>assistant\n{DOG}<|im_end|>", DOG),
    "an end mark and more": (
        "caption",
        f"{DOG}<|eot_id|><|start_header_id|>user<|end_header_id|>Hi",
        DOG,
    ),
    "instruction marks": ("caption", f"[/INST] {DOG} </s>", DOG),
    "an assistant's heading": ("caption", f"### Assistant:\n{DOG}", DOG),
    "a chat that goes on": ("caption", f"{DOG}\nUser: And the cat?\nAssistant: No cat.", DOG),
    # marks and signs
    "HTML": ("caption", "<p>A dog &amp; a cat.</p><script>alert(1)</script>", "A dog & a cat."),
    "Markdown": (
        "caption",
        "# Caption\n\nA **red** _kite_ and `sky`.\n\n---\n",
        "A red kite and sky.",
    ),
    "headings and bullets": (
        "creative",
        "**Layout:**\n- Centred.\n\n## Copy\n- Short.",
        "Centred.\n\nShort.",
    ),
    "a link": ("caption", "A dog on [a beach](https://example.org/a).", "A dog on a beach."),
    "control characters": (
        "caption",
        "A dog\x07 runs\x1b[0m.\u202e Far\u2066.",
        "A dog runs. Far.",
    ),
    "a mark of byte order": ("alt", "\ufeffA dog runs.\r\n", "A dog runs."),
    "half characters": ("caption", "A dog \ud83d runs.", "A dog runs."),
    "a cut-off answer": ("caption", f"{DOG} It carries a ba", DOG, False),
    "the same paragraph twice": ("caption", f"{DOG}\n\n{DOG}\n\nIt rains.", f"{DOG}\n\nIt rains."),
    "an alternative text of 400 characters": (
        "alt",
        f"{DOG} Behind it " + ", ".join(f"there is boat {name * 8}" for name in "abcdefghijkl"),
        DOG,
    ),
    # sound
    "music at the end of a sentence": (
        "caption",
        "A man plays a guitar on a stage while soft music plays in the background.",
        "A man plays a guitar on a stage.",
    ),
    "a sentence of sounds": ("caption", f"{DOG} Waves can be heard. It rains.", f"{DOG} It rains."),
    "a voice": ("summary", f"{DOG} A voice-over says that it is happy.", DOG),
    # keywords
    "a title before tags": ("tags", "Tags: dog, beach", ["dog", "beach"]),
    "tags as a numbered list": ("tags", "1. Dog\n2. Beach\n10) sea", ["Dog", "Beach", "sea"]),
    "tags with hash signs": (
        "tags",
        "#dog #GoldenHour #black_cat",
        ["dog", "Golden Hour", "black cat"],
    ),
    "tags in plural and singular": (
        "tags",
        "dogs, dog, berry, berries, women, woman",
        ["dogs", "berry", "women"],
    ),
    "tags in another order": (
        "tags",
        "sunset beach, beach sunset, Beach at Sunset",
        ["sunset beach", "Beach at Sunset"],
    ),
    "tags in another case": ("tags", "Dog, DOG, dog", ["Dog"]),
    "tags with a sentence": ("tags", "dog, this is a picture of a dog, beach", ["dog", "beach"]),
    "tags with instructions": (
        "tags",
        "dog, separated by commas, no sentence, most prominent first",
        ["dog"],
    ),
    "tags that are rules": (
        "tags",
        "dog, one to three words each, no plural beside its singular, all on one line, style",
        ["dog"],
    ),
    "tags with separators inside": (
        "tags",
        "black/white; sea | sky",
        ["black white", "sea", "sky"],
    ),
    "tags with marks": ("tags", '["dog", "sea"]', ["dog", "sea"]),
    "tags with likelihoods": (
        "tags",
        '[{"name": "dog", "confidence": 0.98}, {"name": "sea"}]',
        ["dog", "sea"],
    ),
    "tags by likelihood": ("tags", '{"sea": 0.4, "dog": 0.9}', ["dog", "sea"]),
    "tags with groups": (
        "tags",
        "Objects: dog, ball\nMood: calm, happy",
        ["dog", "ball", "calm", "happy"],
    ),
    "tags that explain": ("tags", "1. **Dog** - the animal in front\n2. **Sea**", ["Dog", "Sea"]),
    "tags numbered on one line": ("tags", "1) dog 2) beach 3) sea", ["dog", "beach", "sea"]),
    "tags in quotation marks": ("tags", '"dog" "beach"', ["dog", "beach"]),
    "tags explained with a colon": (
        "tags",
        "- dog (animal)\n- beach: sandy shore\n- Mood: calm",
        ["dog", "beach", "calm"],
    ),
    "groups on one line": (
        "tags",
        "Concrete: dog, sea. Abstract: joy, freedom.",
        ["dog", "sea", "joy", "freedom"],
    ),
    "tags in prose": (
        "tags",
        "The image contains a dog, a beach, and the sea.",
        ["dog", "beach", "sea"],
    ),
    "tags of control characters": ("tags", "d\x00og, \u202ebeach", ["dog", "beach"]),
    "half a list of tags": ("tags", '["dog", "beach", "se', ["dog", "beach"]),
    "tags without a picture in them": ("tags", "dog, image, no people, none, N/A", ["dog"]),
    # judgements and findings
    "findings off and on the list": (
        "moderation",
        "dog: brown\nalcohol: a bottle of beer",
        {"moderation_alcohol": "a bottle of beer"},
    ),
    "findings denied": ("moderation", "nudity: none\nviolence: no\nweapon: not visible", {}),
    "no fault in words": ("quality", "No technical faults are visible.", {}),
    "findings in JSON": (
        "quality",
        '[{"name": "Blurred", "evidence": "the dog"}, "noise", "tilted"]',
        {"quality_blurred": "the dog", "quality_tilted": True},
    ),
    "findings in bold": (
        "quality",
        "- **Lens flare**: in the *corner*",
        {"quality_lens_flare": "in the corner"},
    ),
}


def test_there_are_enough_bad_answers() -> None:
    assert len(CAUGHT) >= 60
    assert len(CLEANED) >= 60


@pytest.mark.parametrize("name", CAUGHT)
def test_a_bad_answer_is_caught(name: str) -> None:
    task, text, why = CAUGHT[name]
    whole = not name.startswith("cut off")
    with pytest.raises(Unusable, match=why) as caught:
        value(task, text, whole=whole)
    assert str(caught.value).startswith(f"the answer to '{task}' ")
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("name", CLEANED)
def test_a_bad_answer_is_cleaned(name: str) -> None:
    task, text, clean, *rest = CLEANED[name]
    assert value(task, text, whole=not rest) == clean
