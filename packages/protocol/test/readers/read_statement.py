"""Reads statements (docs/spec/02-statements.md) with the standard library alone: read_statement.py FILE...

Prints a line for each file, its hash or why it is refused. Of domains it knows the grammar, not Unicode's tables.
"""
import base64, datetime, hashlib, re, sys, unicodedata, urllib.parse

LABEL = r'(?![a-z0-9]..--|..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
DOMAIN = rf'(?:localhost|(?:(?:xn--[a-z0-9-]{{0,58}}[a-z0-9]|{LABEL})\.)+(?!\d+\b)(?:xn--[a-z0-9-]{{0,58}}[a-z0-9]|{LABEL}))'
ADDRESS = rf'(?!\S*\.\.)[a-z0-9](?:[a-z0-9._-]{{0,62}}[a-z0-9])?@{DOMAIN}'
INT, TIME = r'(?:0|[1-9]\d{0,15})', r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'
def b64(size): return rf'[A-Za-z0-9+/]{{{-(-size // 3) * 4 - -size % 3}}}' + '=' * (-size % 3)
HASH, B16 = b64(32), b64(16)
PARTY = rf'{ADDRESS} {INT} {HASH}'
LOCAL, PORT = r'(?:localhost|127\.0\.0\.1|\[::1\])', r'(?::[1-9]\d{0,4})?'
NAME = r'[a-z0-9][a-z0-9!#$&^_.+-]{0,126}'
RECOVERY = rf'(?:none|(?:kit|trustees {INT}/{INT}|organisation {DOMAIN} {INT}/{INT}) {HASH})'
ACTION = '(?:log-in|change-latches|update-identity|delete-account|export-account|move-account)'
KINDS = {  # after each keyword: ' one line, ? none or one, * several sorted lines, # several numbered ones
    'identity': [f"address' {ADDRESS}", f"version' {INT}", f'previous? {HASH}', f"sign ed25519' {HASH}",
                 f"sign mldsa44' {b64(1312)}", r"seal' age1pq1[a-z0-9]{1952}", f"recovery' {RECOVERY}", f"hold' {INT}", f"vault' {HASH}"],
    'veto': [f"address' {ADDRESS}", f"version' {INT}", f"previous' {HASH}", f"kills' {INT} {HASH}", f"by' {PARTY}"],
    'tombstone': [f"address' {ADDRESS}", f"version' {INT}", f"previous' {HASH}"],
    'message': [f"id' {B16}", f"item' {HASH}", f"from' {PARTY}", f'to* {PARTY}', f'cc* {PARTY}', f"blind' {HASH}", f"date' {TIME}",
                f'in-reply-to? {HASH}', f"body' {HASH}", f"checkpoint' (?:none|{HASH})", f"summary' {HASH}", f'attachment# {HASH}'],
    'membership': [f"space' {B16}", f"seq' {INT}", f'previous? {HASH}', f'member* {PARTY} (?:administrator|writer|reader)',
                   f"epoch' {INT} {HASH}", f"by' {PARTY}"],
    'act': [f"action' {ACTION}", f"account' {ADDRESS}", f"origin' (?:https://(?:{DOMAIN}|{LOCAL})|http://{LOCAL}){PORT}",
            f"nonce' {HASH}", r"hour' \d{4}-\d\d-\d\dT\d\d:00:00Z"],
    'file': [f"space' {B16}", f"record' {B16}", f"file' {B16}", f"version' {INT}", f'previous? {HASH}', f"item' {HASH}", f"nonce' {B16}",
             f"size' {INT}", r"name' (?:[!-$&-~]|%[0-9A-F]{2})+", f"type' {NAME}/{NAME}", f'part# {HASH}', f"by' {PARTY}"],
}


def read(text):
    """The lines as (keyword, values), from the text of a statement."""
    kind = re.match(r'latchkey/([a-z]+)/v1\n', text)
    assert kind and kind[1] in KINDS and len(text) <= 1 << 20 and re.fullmatch(r'[\n -~]*\n', text), 'no statement'
    lines, found = text.split('\n')[1:-1], []
    for keyword, how, pattern in (re.match(r"([a-z0-9 -]+)(['?*#]) (.*)", rule).groups() for rule in KINDS[kind[1]]):
        mine = []
        while lines and lines[0].startswith(keyword + ' ') and (how in '*#' or not mine):
            number = f'{len(mine) + 1} ' if how == '#' else ''
            assert re.fullmatch(re.escape(f'{keyword} {number}') + pattern, lines[0]), f'malformed line: {keyword}'
            mine.append(lines.pop(0).removeprefix(f'{keyword} {number}').split(' '))
        assert mine or how != "'", f'missing line: {keyword}'
        keys = [values[0] for values in mine]
        assert how != '*' or keys == sorted(set(keys)), f'not sorted: {keyword}'
        found += [(keyword, values) for values in mine]
    assert not lines, 'unknown line'
    check(found)
    return found


def check(found):
    """What a pattern does not say."""
    one, tokens = {keyword: values for keyword, values in found}, [value for _, values in found for value in values]
    def many(*keywords): return [values for keyword, values in found if keyword in keywords]
    for keyword, values in found:
        for token in values:
            if re.fullmatch(r'[A-Za-z0-9+/]{22,}={0,2}', token) and keyword not in ('seal', 'name', 'type'):
                assert base64.b64encode(base64.b64decode(token)).decode() == token, 'base64'
            if re.fullmatch(TIME, token):
                assert datetime.datetime.strptime(token, '%Y-%m-%dT%H:%M:%SZ').second < 60 and '1970' <= token[:4], 'time'
            if re.fullmatch(r'\d+/\d+', token):
                k, n = map(int, token.split('/'))
                assert 1 <= k <= n <= 255, 'quorum'
            assert '@' not in token or keyword == 'name' or len(token) <= 254, 'address'
    for keyword, place in [('version', 0), ('seq', 0), ('epoch', 0), ('kills', 0)] + [(word, 1) for word in ('from', 'to', 'cc', 'member', 'by')]:
        assert all(int(values[place]) < 1 << 32 for values in many(keyword)), 'ordinal'
    ordinal = (one.get('version') or one.get('seq') or ['-'])[0]
    assert ordinal == '-' or (ordinal == '0') == ('previous' not in one), 'previous'
    if 'kills' in one:
        assert int(one['by'][1]) < int(one['kills'][0]) < int(one['version'][0]) and one['by'][0] == one['address'][0], 'veto'
    assert 72 <= int(one.get('hold', ['72'])[0]) <= 720, 'hold'
    assert 'seal' not in one or check_bech32(one['seal'][0]) is None
    named = [values[0] for values in many('to', 'cc')]
    assert len(named) == len(set(named)) <= 1000 and all(len(many(word)) <= 1000 for word in ('attachment', 'member')), 'lines'
    if 'space' in one and 'seq' in one:
        admins = [values[:3] for values in many('member') if values[3] == 'administrator']
        assert admins and (ordinal != '0' or one['by'] in admins), 'administrator'
    if 'size' in one:
        assert max(1, -(-int(one['size'][0]) // (128 << 16))) <= len(many('part')) <= 16384, 'parts'
        name = urllib.parse.unquote(one['name'][0], errors='strict')
        assert unicodedata.is_normalized('NFC', name) and len(name.encode()) <= 1024, 'name'
        assert urllib.parse.quote(name, safe=''.join(map(chr, range(0x21, 0x7F))).replace('%', '')) == one['name'][0], 'name'
        assert not re.search('[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]', name), 'name'
        assert not any(unicodedata.category(c) == 'Cc' for c in name), 'name'
    port = re.search(r':(\d+)$', one.get('origin', [''])[0])
    assert not port or int(port[1]) < 65536 and f"{one['origin'][0].split(':')[0]}:{port[1]}" not in ('https:443', 'http:80'), 'port'


def check_bech32(text):
    """The checksum of Bech32 (BIP 173) over the prefix and all that follows."""
    prefix, data = text.rsplit('1', 1)
    checksum = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + ['qpzry9x8gf2tvdw0s3jn54khce6mua7l'.index(c) for c in data]:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= term if top >> bit & 1 else 0
    assert checksum == 1, 'recipient'


for path in sys.argv[1:]:
    try:
        data = open(path, 'rb').read()
        read(data.decode('ascii'))
        print(base64.b64encode(hashlib.sha256(b'latchkey/v1/statement\0' + data).digest()).decode())
    except (AssertionError, ValueError) as error:
        print(f'refused: {error}')
