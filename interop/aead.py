"""AES-GCM with a 12-octet nonce and a 16-octet tag, by OpenSSL's libcrypto through ctypes.

The Python standard library has no AES, and a package would be one more thing to install.
"""

from __future__ import annotations

import ctypes
import ctypes.util

NONCE_LENGTH = 12
TAG_LENGTH = 16

_CONTROL_GET_TAG = 0x10
_CONTROL_SET_TAG = 0x11


def _load() -> ctypes.CDLL:
    name = ctypes.util.find_library("crypto") or "libcrypto.so.3"
    library = ctypes.CDLL(name)
    pointer, integer, octets = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    length = ctypes.POINTER(ctypes.c_int)
    signatures = {
        "EVP_aes_128_gcm": (pointer, []),
        "EVP_aes_256_gcm": (pointer, []),
        "EVP_CIPHER_CTX_new": (pointer, []),
        "EVP_CIPHER_CTX_free": (None, [pointer]),
        "EVP_CipherInit_ex": (integer, [pointer, pointer, pointer, octets, octets, integer]),
        "EVP_CipherUpdate": (integer, [pointer, pointer, length, octets, integer]),
        "EVP_CipherFinal_ex": (integer, [pointer, pointer, length]),
        "EVP_CIPHER_CTX_ctrl": (integer, [pointer, integer, integer, pointer]),
    }
    for function, (result, arguments) in signatures.items():
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library


_crypto = _load()
_CIPHERS = {16: _crypto.EVP_aes_128_gcm(), 32: _crypto.EVP_aes_256_gcm()}


def open_sealed(
    key: bytes, nonce: bytes, associated_data: bytes, ciphertext: bytes, tag: bytes
) -> bytes | None:
    """Returns the plaintext, or None if the tag does not verify."""
    if len(tag) != TAG_LENGTH:
        raise ValueError("a tag has 16 octets")
    return _run(key, nonce, associated_data, ciphertext, tag)


def seal(key: bytes, nonce: bytes, associated_data: bytes, plaintext: bytes) -> tuple[bytes, bytes]:
    """Returns (ciphertext, tag)."""
    sealed = _run(key, nonce, associated_data, plaintext, None)
    if sealed is None:
        raise RuntimeError("libcrypto refused to seal")
    return sealed[:-TAG_LENGTH], sealed[-TAG_LENGTH:]


def _run(
    key: bytes, nonce: bytes, associated_data: bytes, data: bytes, tag: bytes | None
) -> bytes | None:
    """Opens if a tag is given, else seals and puts the tag behind the ciphertext."""
    if len(key) not in _CIPHERS or len(nonce) != NONCE_LENGTH:
        raise ValueError("a key has 16 or 32 octets, a nonce 12")
    context = _crypto.EVP_CIPHER_CTX_new()
    try:
        output = ctypes.create_string_buffer(len(data) + TAG_LENGTH)
        written = ctypes.c_int()
        sealing = int(tag is None)
        _must(_crypto.EVP_CipherInit_ex(context, _CIPHERS[len(key)], None, key, nonce, sealing))
        _must(
            _crypto.EVP_CipherUpdate(
                context, None, ctypes.byref(written), associated_data, len(associated_data)
            )
        )
        _must(
            _crypto.EVP_CipherUpdate(context, output, ctypes.byref(written), data, len(data))
        )
        if tag is not None:
            expected = ctypes.create_string_buffer(tag, TAG_LENGTH)
            _must(_crypto.EVP_CIPHER_CTX_ctrl(context, _CONTROL_SET_TAG, TAG_LENGTH, expected))
        end = ctypes.byref(output, len(data))
        if _crypto.EVP_CipherFinal_ex(context, end, ctypes.byref(written)) != 1:
            return None
        if tag is not None:
            return output.raw[: len(data)]
        _must(_crypto.EVP_CIPHER_CTX_ctrl(context, _CONTROL_GET_TAG, TAG_LENGTH, end))
        return output.raw
    finally:
        _crypto.EVP_CIPHER_CTX_free(context)


def _must(result: int) -> None:
    if result != 1:
        raise RuntimeError("libcrypto refused a call")
