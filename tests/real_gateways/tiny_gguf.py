"""Write a tiny language model with random weights: a real engine takes it, and all it says is noise.

Run by the engine's own Python, where the `gguf` package is: `python tiny_gguf.py OUT.gguf`.
"""

from __future__ import annotations

import sys

import gguf  # type: ignore[import-not-found]  # installed beside the engine, not beside the tests
import numpy as np

WIDTH, HEADS, LAYERS, FEED_FORWARD, CONTEXT = 32, 4, 1, 64, 512
SPECIAL = [(b"<unk>", gguf.TokenType.UNKNOWN), (b"<s>", gguf.TokenType.CONTROL), (b"</s>", gguf.TokenType.CONTROL)]
# Every byte is a token, so that any prompt can be read.
BYTES = [(b"<0x%02X>" % byte, gguf.TokenType.BYTE) for byte in range(256)]
WORDS = [("\u2581" + word).encode() for word in ("the", "a", "harbour", "lamp", "stone", "river", "seven", "pong")]
TOKENS = [*SPECIAL, *BYTES, *((word, gguf.TokenType.NORMAL) for word in WORDS)]


def main(path: str) -> None:
    """Write the model to `path`."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in TOKENS])
    writer.add_token_scores([0.0] * len(TOKENS))
    writer.add_token_types([kind for _, kind in TOKENS])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    random = np.random.default_rng(7)

    def tensor(name: str, *shape: int) -> None:
        # A norm's weights are a vector of ones in a real model; random ones would do, but near-zero ones give NaN.
        weights = np.ones(shape) if len(shape) == 1 else random.normal(0, 0.2, shape)
        writer.add_tensor(name, weights.astype(np.float32))

    tensor("token_embd.weight", len(TOKENS), WIDTH)
    for layer in range(LAYERS):
        tensor(f"blk.{layer}.attn_norm.weight", WIDTH)
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            tensor(f"blk.{layer}.{part}.weight", WIDTH, WIDTH)
        tensor(f"blk.{layer}.ffn_norm.weight", WIDTH)
        tensor(f"blk.{layer}.ffn_gate.weight", FEED_FORWARD, WIDTH)
        tensor(f"blk.{layer}.ffn_up.weight", FEED_FORWARD, WIDTH)
        tensor(f"blk.{layer}.ffn_down.weight", WIDTH, FEED_FORWARD)
    tensor("output_norm.weight", WIDTH)
    tensor("output.weight", len(TOKENS), WIDTH)

    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1])
