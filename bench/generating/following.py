"""An NLLB of random weights whose answers end: each is about as long as what it translates.

Otherwise nothing could be compared: random weights never end an answer, or end it at once, and a
whole text would take as long as one of its sentences. Three of the places that every layer writes
to are kept free, so that in them a token's position can be read as the sine of a slow frequency.
One head of the last cross-attention looks at nothing but the end of the source and brings its
position along; the answer ends when its own is as far. Which word comes next depends on places
where positions change quickly and the word before is loud, or the same would be said for ever.
"""

import math
from typing import Any

SLOWEST = 10_000.0
"""The longest wave of sinusoidal positions, over 2 pi, in tokens."""
LONGEST = 130.0
"""The wave that is read, over 2 pi: it rises up to some 200 tokens."""
QUICK = 10.0
"""Up to this wave, over 2 pi, places have a say in which word comes next."""
QUIET, CALL = 0.3, 2.0
"""What is written is this much of what it would be: little, so that positions remain legible."""
_MARK, _SHARP, _SURE = 4.0, 120.0, 1e5


def follow(model: Any, end: int) -> None:
    """Make *model* end each of its answers with the token *end* after as many as were given."""
    import torch

    half = model.config.d_model // 2
    clock = round((half - 1) * math.log(LONGEST, SLOWEST))
    told, mark = half - 1, 2 * half - 1
    with torch.no_grad():
        _keep_free(model, (clock, told, mark), round((half - 1) * math.log(QUICK, SLOWEST)))
        scale = math.sqrt(model.config.d_model)
        for table in _tables(model):
            table.weight[end, mark] = _MARK / scale
        _bring(model, clock, told, mark)
        _look_at_length(model, clock, told, end)


def _tables(model: Any) -> list[Any]:
    tables = (
        model.model.shared,
        model.model.encoder.embed_tokens,
        model.model.decoder.embed_tokens,
    )
    return list({id(table.weight): table for table in tables}.values())


def _keep_free(model: Any, kept: tuple[int, ...], quickest: int) -> None:
    """Have nothing write to the places *kept*; only the *quickest* ones choose words."""
    half = model.config.d_model // 2
    slow = [*range(quickest, half), *range(half + quickest, 2 * half)]
    layers = (*model.model.encoder.layers, *model.model.decoder.layers)
    for writer in (writer for layer in layers for writer in _writers(layer)):
        writer.weight *= QUIET
        writer.weight[list(kept)] = 0
        writer.bias[list(kept)] = 0
    ring = model.lm_head.weight.abs().sum(1).nonzero()[:, 0]
    for table in _tables(model):
        table.weight[:, slow] *= QUIET
        table.weight[:, list(kept)] = 0
    # Each word calls for another one, all in one long ring: shorter rings would be loops.
    before = model.model.decoder.embed_tokens.weight[ring].roll(1, 0)
    model.lm_head.weight[ring] += CALL * before
    model.lm_head.weight[:, slow] = 0


def _writers(layer: Any) -> list[Any]:
    crossing = [layer.encoder_attn.out_proj] if hasattr(layer, "encoder_attn") else []
    return [layer.self_attn.out_proj, *crossing, layer.fc2]


def _bring(model: Any, clock: int, told: int, mark: int) -> None:
    """Have the first head of the last cross-attention bring the position of the source's end."""
    crossing = model.model.decoder.layers[-1].encoder_attn
    head = slice(0, crossing.head_dim)
    for part in (crossing.q_proj, crossing.k_proj, crossing.v_proj):
        part.weight[head] = 0
        part.bias[head] = 0
    crossing.q_proj.bias[0] = _SHARP
    crossing.k_proj.weight[0, mark] = 1
    crossing.v_proj.weight[0, clock], crossing.v_proj.weight[0, told] = 1, -1
    crossing.out_proj.weight[:, head] = 0
    crossing.out_proj.weight[told, 0] = _spread(model, clock, told)


def _spread(model: Any, clock: int, told: int) -> float:
    """Measure by how much the encoder's last norm makes the position smaller."""
    import torch

    device = model.device
    count = model.config.vocab_size
    dice = torch.Generator().manual_seed(0)
    ids = torch.randint(4, count, (4, 40), generator=dice).to(device)
    ids[:, -1] = 2
    seen = model.model.encoder(ids).last_hidden_state[:, -1].float()
    turned = (40 + model.config.pad_token_id) * SLOWEST ** (-clock / told)
    return float(math.sin(turned) / (seen[:, clock] - seen[:, told]).mean())


def _look_at_length(model: Any, clock: int, told: int, end: int) -> None:
    model.lm_head.weight[end] = 0
    model.lm_head.weight[end, clock] = _SURE
    model.lm_head.weight[end, told] = -_SURE
