# SPDX-License-Identifier: MIT
"""Runs ciphers, digests and authentication codes of OpenSSL's libcrypto on texts of all short
lengths and some long ones; prints a digest of each one's results. Encrypted texts are also
decrypted, whole and in parts."""

import ctypes
import hashlib
import random

LIB = ctypes.CDLL("libcrypto.so.3")
for name in ("EVP_CIPHER_fetch", "EVP_MD_fetch", "EVP_CIPHER_CTX_new", "EVP_MD_CTX_new",
             "EVP_MAC_fetch", "EVP_MAC_CTX_new"):
    getattr(LIB, name).restype = ctypes.c_void_p
SET_IV_LENGTH, GET_TAG, SET_TAG = 0x9, 0x10, 0x11
STREAMS = ["%s-%s" % (cipher, mode) for cipher in ("AES-128", "AES-192", "AES-256", "SM4")
           for mode in ("ECB", "CBC", "CTR", "OFB", "CFB")]
STREAMS += ["AES-128-XTS", "AES-256-XTS", "SM4-XTS", "ChaCha20", "CAMELLIA-256-CBC"]
SEALS = ["AES-128-GCM", "AES-192-GCM", "AES-256-GCM", "SM4-GCM", "ChaCha20-Poly1305",
         "AES-128-OCB"]
DIGESTS = ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512", "SM3", "MD5",
           "BLAKE2b512", "RIPEMD160"]
LENGTHS = [*range(1, 34), 47, 48, 63, 64, 65, *range(127, 600, 59), 1024, 4095, 4096, 65551]


def must(done, what):
    assert done > 0, what


class Cipher:
    def __init__(self, name):
        self.cipher = LIB.EVP_CIPHER_fetch(None, name.encode(), None)
        self.name = name
        self.context = ctypes.c_void_p(LIB.EVP_CIPHER_CTX_new())
        self.seals = name in SEALS

    def run(self, enciphers, text, secret, tag=None):
        """Returns the encrypted or decrypted text, processed in parts of random lengths, and the
        tag."""
        out = ctypes.create_string_buffer(len(text) + 64)
        got = ctypes.c_int()
        must(LIB.EVP_CipherInit_ex(self.context, ctypes.c_void_p(self.cipher), None,
                                   secret[:64], secret[64:80], enciphers), "init")
        LIB.EVP_CIPHER_CTX_set_padding(self.context, 1)
        if self.seals:
            must(LIB.EVP_CipherUpdate(self.context, None, ctypes.byref(got), secret, 33), "aad")
        if tag:
            must(LIB.EVP_CIPHER_CTX_ctrl(self.context, SET_TAG, len(tag), tag), "tag")
        done = at = 0
        while at < len(text):
            step = len(text) - at
            if "XTS" not in self.name and step > 3:
                step = random.choice((step, step, random.randrange(1, step)))
            must(LIB.EVP_CipherUpdate(self.context, ctypes.byref(out, done), ctypes.byref(got),
                                      text[at:at + step], step), "update")
            done += got.value
            at += step
        must(LIB.EVP_CipherFinal_ex(self.context, ctypes.byref(out, done), ctypes.byref(got)),
             "final of " + self.name)
        done += got.value
        sealed = ctypes.create_string_buffer(16)
        if self.seals and enciphers:
            must(LIB.EVP_CIPHER_CTX_ctrl(self.context, GET_TAG, 16, sealed), "get tag")
        return out.raw[:done], sealed.raw if self.seals else None


def sum_of_cipher(name):
    cipher, total = Cipher(name), hashlib.blake2s()
    if not cipher.cipher:
        return "none"
    for length in LENGTHS:
        if "XTS" in name and length < 16:
            continue
        text, secret = random.randbytes(length), random.randbytes(80)
        hidden, tag = cipher.run(1, text, secret)
        again, _ = cipher.run(0, hidden, secret, tag)
        assert again == text, "%s of %d bytes does not come back" % (name, length)
        total.update(hidden + (tag or b""))
    return total.hexdigest()


def sum_of_digest(name):
    kind, total = LIB.EVP_MD_fetch(None, name.encode(), None), hashlib.blake2s()
    if not kind:
        return "none"
    context = ctypes.c_void_p(LIB.EVP_MD_CTX_new())
    out, size = ctypes.create_string_buffer(64), ctypes.c_uint()
    for length in LENGTHS:
        text = random.randbytes(length)
        must(LIB.EVP_DigestInit_ex(context, ctypes.c_void_p(kind), None), "init")
        cut = random.randrange(length)
        must(LIB.EVP_DigestUpdate(context, text[:cut], ctypes.c_size_t(cut)), "update")
        must(LIB.EVP_DigestUpdate(context, text[cut:], ctypes.c_size_t(length - cut)), "update")
        must(LIB.EVP_DigestFinal_ex(context, out, ctypes.byref(size)), "final")
        digest = out.raw[:size.value]
        if name.lower() in hashlib.algorithms_guaranteed:
            own = hashlib.new(name.lower(), text).digest()
            assert own == digest, name
        total.update(digest)
    return total.hexdigest()


def main():
    for name in STREAMS + SEALS:
        random.seed(name)
        print(name, sum_of_cipher(name))
    for name in DIGESTS:
        random.seed(name)
        print(name, sum_of_digest(name))


main()
