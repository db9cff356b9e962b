"""Reads the formats of docs/spec/08-message.md with the standard library alone: read_message.py < vectors, JSON both ways.

Takes {"envelope": [hex…], "summary": […], "delivery": […], "blind": [{…}…], "keys": […]} and gives for each the values
that were read, or null where it is refused. Statements are taken apart, not judged: that is read_statement.py's work.
"""
import base64, datetime, hashlib, json, re, sys


def refuse(condition):
    if condition:
        raise ValueError


def padded(size):
    exponent = size.bit_length() - 1
    step = 1 << max(0, exponent - exponent.bit_length())
    return max(4096, -(-size // step) * step)


def envelope(data):
    noted = re.search(rb'\r\n\r\n.*?\r\n\r\n([^\r]*)\r\n', data[:65536], re.S)
    refuse(not noted)
    note, _, rest = noted[1].partition(b'\n\n')
    lines, divided, checkpoint = rest.partition(b'\n\n')
    text, checkpoint = note + b'\n', checkpoint if divided else None
    signatures = lines + (b'\n' if divided else b'')
    refuse(not re.fullmatch('(?:\u2014 [^\\s+]+ [A-Za-z0-9+/]+={0,2}\n){2}', signatures.decode()))
    fields = dict(line.split(' ', 1) for line in text.decode('ascii').split('\n')[1:-1])
    refuse(not text.startswith(b'latchkey/message/v1\n') or (fields['checkpoint'] == 'none') != (checkpoint is None))
    boundary = 'latchkey-' + hashlib.sha256(b'latchkey/v1/statement\0' + text).hexdigest()[:32]
    date = datetime.datetime.strptime(fields['date'], '%Y-%m-%dT%H:%M:%SZ')
    head = [f"Date: {date:%a}, {date.day} {date:%b %Y %H:%M:%S} +0000", 'From: ' + fields['from'].split(' ')[0], 'MIME-Version: 1.0',
            f'Content-Type: multipart/mixed; boundary="{boundary}"', 'Content-Transfer-Encoding: binary', '', '--' + boundary,
            'Content-Type: application/octet-stream', 'Content-Disposition: attachment; filename="latchkey-statement.txt"',
            'Content-Transfer-Encoding: binary', '', noted[1].decode(), '--' + boundary, 'Content-Type: message/rfc822',
            'Content-Disposition: inline', 'Content-Transfer-Encoding: binary', '', '']
    head = '\r\n'.join(head).encode()
    refuse(not data.startswith(head) or len(head) > 65536)
    end = data.find(f'--{boundary}'.encode(), len(head)) - 2
    closing = f'\r\n--{boundary}--\r\n'.encode()
    refuse(end < len(head) or data[end:end + len(closing)] != closing)
    filler = data[end + len(closing):]
    refuse(len(data) != padded(end + len(closing)) or filler != ((b' ' * 76 + b'\r\n') * (len(filler) // 78 + 1))[:len(filler)])
    return {'note': (text + b'\n' + signatures).decode(), 'checkpoint': checkpoint and checkpoint.decode(), 'mime': data[len(head):end].decode()}


BLANK = '[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+'
NEVER = '[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]'


def one_line(text):
    return re.sub(' {2,}', ' ', re.sub(NEVER, '', re.sub(BLANK, ' ', text))).strip(' ')


def summary(text):
    found = re.fullmatch('latchkey/summary/v1\nfrom ([a-z0-9._-]+@[a-z0-9.-]+)\ndate (.*)\nattachments (0|[1-9][0-9]*)\nsubject (.*)\nwords (.*)\n', text)
    refuse(not found)
    sender, date, attachments, subject, words = found.groups()
    refuse(not re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', date) or len(text.encode()) > 512 or len(subject.encode()) > 150)
    datetime.datetime.strptime(date, '%Y-%m-%dT%H:%M:%SZ')
    refuse(int(attachments) > 1000 or one_line(subject) != subject or one_line(words) != words)
    return {'from': sender, 'date': date, 'attachments': int(attachments), 'subject': subject, 'words': words}


def cut(text, size):
    units = text.encode('utf-16-le', 'surrogatepass')[:8192]
    line, taken = one_line(units.decode('utf-16-le', 'replace')), b''
    for character in line:
        if len(taken + character.encode()) > size:
            break
        taken += character.encode()
    return taken.decode().removesuffix(' ')


def summary_of(facts):
    bare = f"latchkey/summary/v1\nfrom {facts['from']}\ndate {facts['date']}\nattachments {facts['attachments']}\nsubject \nwords \n"
    spare = 512 - len(bare)
    subject = cut(facts['subject'], min(150, spare))
    return bare.replace('subject \nwords ', f"subject {subject}\nwords {cut(facts['text'], spare - len(subject.encode()))}")


def delivery(body):
    refuse(len(body) > 1016 or body[0] != 1)
    size = int.from_bytes(body[1:3], 'big')
    row, rest = body[3:3 + size], body[3 + size:]
    refuse(len(row) != size or size > 512)
    depth, opening, rest = rest[0], None, rest[1:]
    if depth:
        refuse(not 10 <= depth <= 12)
        path = [rest[34 + 32 * level:66 + 32 * level].hex() for level in range(depth)]
        opening = {'salt': rest[:32].hex(), 'index': int.from_bytes(rest[32:34], 'big'), 'path': path}
        refuse(opening['index'] >= 1 << depth)
        rest = rest[34 + 32 * depth:]
    refuse(len(rest) != 40)
    counter, previous = int.from_bytes(rest[:8], 'big'), rest[8:]
    refuse(not 1 <= counter < 1 << 53 or (counter == 1) != (previous == bytes(32)))
    summary(row.decode())
    return {'summary': row.decode(), 'opening': opening, 'counter': counter, 'previous': previous.hex() if counter > 1 else None}


def blind(case):
    def sha(label, *parts): return hashlib.sha256(b'latchkey/v1/' + label + b'\0' + b''.join(parts)).digest()
    address, identity, opening = case['address'].encode(), bytes.fromhex(case['identity']), case['opening']
    value, index = sha(b'blind', bytes.fromhex(opening['salt']), bytes([len(address)]), address, identity), opening['index']
    for beside in map(bytes.fromhex, opening['path']):
        value, index = sha(b'blind-node', *((beside, value) if index & 1 else (value, beside))), index >> 1
    return 10 <= len(opening['path']) <= 12 and index == 0 and value.hex() == case['root']


def keys(data):
    text = data.rstrip(b'\0').decode()
    refuse(len(data) != padded(len(text.encode())))
    found = json.loads(text)
    refuse(json.dumps(found, separators=(',', ':'), ensure_ascii=False) != text)
    refuse(list(found) != ['kind', 'v', 'attachments'] or found['kind'] != 'key-list' or repr(found['v']) != '1' or not 1 <= len(found['attachments']) <= 1000)

    def raw(text, size):
        value = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
        refuse(len(value) != size or base64.urlsafe_b64encode(value).rstrip(b'=').decode() != text)
        return value

    def stated(claim):
        raw_salt = raw(claim['salt'], 32)
        refuse(not claim['manifest'].startswith('latchkey/file/v1\n'))
        return hashlib.sha256(b'latchkey/v1/attachment\0' + raw_salt + claim['manifest'].encode()).hexdigest()
    hashes = []
    for entry in found['attachments']:
        refuse(list(entry) not in (['key', 'salt', 'manifest'], ['key', 'salt', 'manifest', 'stated']))
        raw(entry['key'], 16)
        own = stated(entry)
        if 'stated' in entry:
            refuse(list(entry['stated']) != ['salt', 'manifest'])
            own = stated(entry['stated'])
        hashes.append(own)
    return hashes


def each(read, cases):
    answers = []
    for case in cases:
        try:
            answers.append(read(case))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            answers.append(None)
    return answers


given = json.load(sys.stdin)
json.dump({
    'envelope': each(lambda text: envelope(text.encode()), given['envelope']),
    'summary': each(summary, given['summary']),
    'summaryOf': each(summary_of, given['summaryOf']),
    'delivery': each(lambda text: delivery(bytes.fromhex(text)), given['delivery']),
    'blind': each(blind, given['blind']),
    'keys': each(lambda text: keys(text.encode()), given['keys']),
}, sys.stdout)
