#!/usr/bin/env python3
"""A witness that shares no line with Latchkey: c2sp.org/tlog-witness on Python's standard library and
python3-cryptography. It shows that the published pages suffice to write one, and that our clients take what it signs.

    python-witness.py --name NAME --state FILE LOG-KEY...

LOG-KEY is a verifier key (name+id+base64) of type Ed25519. Prints the verifier key and the port, then serves.
"""

import argparse
import base64
import hashlib
import http.server
import json
import os
import sys
import threading
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_BODY = 65536


class Refused(Exception):
    def __init__(self, status, body=b'', kind='text/plain; charset=utf-8'):
        super().__init__(status)
        self.status, self.body, self.kind = status, body, kind


def key_id(name, algorithm, public_key):
    return hashlib.sha256(name.encode() + b'\n' + bytes([algorithm]) + public_key).digest()[:4]


def node(left, right):
    return hashlib.sha256(b'\x01' + left + right).digest()


def consistent(old_size, old_root, new_size, new_root, proof):
    """RFC 9162, section 2.1.4.2."""
    if old_size == 0:
        return not proof
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size & (old_size - 1) == 0:
        proof = [old_root] + proof
    if not proof:
        return False
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = proof[0]
    for sibling in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node(sibling, old), node(sibling, new)
            while fn != 0 and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == old_root and new == new_root


def decimal(text):
    if not text.isascii() or not text.isdigit() or (len(text) > 1 and text[0] == '0') or len(text) > 16:
        raise Refused(400)
    return int(text)


def hash_of(text):
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused(400) from None
    if len(value) != 32:
        raise Refused(400)
    return value


class Witness:
    def __init__(self, name, state, logs):
        self.name, self.path, self.lock = name, state, threading.Lock()
        self.logs = {}
        for text in logs:
            origin, _, encoded = text.split('+', 2)
            blob = base64.b64decode(encoded)
            assert blob[0] == 1 and len(blob) == 33, 'an Ed25519 key'
            self.logs[origin] = blob[1:]
        self.key = Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        self.heads = {}

    def verifier_key(self):
        blob = bytes([4]) + self.public
        return f'{self.name}+{key_id(self.name, 4, self.public).hex()}+{base64.b64encode(blob).decode()}'

    def keep(self, origin, head):
        heads = {**self.heads, origin: head}
        with open(self.path + '.new', 'w') as file:
            json.dump({name: [size, root.hex()] for name, (size, root) in heads.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(self.path + '.new', self.path)
        folder = os.open(os.path.dirname(os.path.abspath(self.path)), os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        self.heads = heads

    def add_checkpoint(self, body):
        try:
            request = body.decode('utf-8')
        except UnicodeDecodeError:
            raise Refused(400) from None
        first, _, note = request.partition('\n\n')
        old_line, *proof_lines = first.split('\n')
        text, blank, block = note.rpartition('\n\n')
        if not old_line.startswith('old ') or len(proof_lines) > 63 or not blank or not block.endswith('\n'):
            raise Refused(400)
        old_size, proof = decimal(old_line[4:]), [hash_of(line) for line in proof_lines]
        text += '\n'
        lines = text.split('\n')
        if len(lines) < 4:
            raise Refused(400)
        origin, size, root = lines[0], decimal(lines[1]), hash_of(lines[2])
        if origin not in self.logs:
            raise Refused(404)
        self.require_signature(origin, text, block)
        if old_size > size:
            raise Refused(400)
        with self.lock:
            known_size, known_root = self.heads.get(origin, (0, hashlib.sha256(b'').digest()))
            if old_size != known_size or (size == known_size and root != known_root):
                raise Refused(409, f'{known_size}\n'.encode(), 'text/x.tlog.size')
            if not consistent(old_size, known_root, size, root, proof):
                raise Refused(422)
            self.keep(origin, (size, root))
            now = int(time.time())
            signature = self.key.sign(f'cosignature/v1\ntime {now}\n{text}'.encode())
        blob = key_id(self.name, 4, self.public) + now.to_bytes(8, 'big') + signature
        return f'\u2014 {self.name} {base64.b64encode(blob).decode()}\n'.encode()

    def require_signature(self, origin, text, block):
        public = self.logs[origin]
        for line in block[:-1].split('\n'):
            parts = line.split(' ')
            if len(parts) != 3 or parts[0] != '\u2014':
                raise Refused(400)
            try:
                blob = base64.b64decode(parts[2], validate=True)
            except ValueError:
                raise Refused(400) from None
            if parts[1] == origin and blob[:4] == key_id(origin, 1, public):
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], text.encode())
                    return
                except InvalidSignature:
                    raise Refused(403) from None
        raise Refused(403)


def handler_of(witness):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'

        def do_POST(self):
            length = int(self.headers.get('content-length', '0'))
            try:
                if self.path != '/add-checkpoint' or length > MAX_BODY:
                    raise Refused(404)
                self.answer(200, witness.add_checkpoint(self.rfile.read(length)), 'text/plain; charset=utf-8')
            except Refused as refused:
                self.answer(refused.status, refused.body, refused.kind)

        def answer(self, status, body, kind):
            self.send_response(status)
            self.send_header('content-type', kind)
            self.send_header('content-length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--name', required=True)
    parser.add_argument('--state', required=True)
    parser.add_argument('logs', nargs='+')
    options = parser.parse_args()
    witness = Witness(options.name, options.state, options.logs)
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler_of(witness))
    print(json.dumps({'key': witness.verifier_key(), 'port': server.server_address[1]}), flush=True)
    server.serve_forever()


if __name__ == '__main__':
    sys.exit(main())
