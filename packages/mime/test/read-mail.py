"""Reads a message with Python's email package: read-mail.py < message, JSON on stdout; or writes one: read-mail.py write."""
import email, email.policy, email.message, email.utils, json, sys


def read(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    defects = [type(defect).__name__ for part in message.walk() for defect in part.defects]
    def addresses(name):
        return [[a.display_name, a.addr_spec] for field in message.get_all(name, []) for a in field.addresses]
    leaves = [part for part in message.walk() if not part.is_multipart()]
    texts = {part.get_content_subtype(): part.get_content() for part in leaves
             if part.get_content_maintype() == 'text' and part.get_content_disposition() != 'attachment'}
    return {
        'defects': defects, 'subject': message['Subject'], 'from': addresses('From'), 'to': addresses('To'), 'cc': addresses('Cc'),
        'date': int(message['Date'].datetime.timestamp()), 'id': message['Message-ID'], 'references': message['References'],
        'text': texts.get('plain'), 'html': texts.get('html'),
        'files': [[part.get_filename(), part.get_content_type(), part['Content-ID'], part.get_content_disposition(),
                   part.get_payload(decode=True).hex()] for part in leaves if part.get_content_maintype() != 'text' or part.get_content_disposition() == 'attachment'],
    }


def write():
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message['From'] = email.utils.formataddr(('Ålice, née Example', 'alice@example.org'))
    message['To'] = 'bob@example.org, "Carol (work)" <carol@example.org>'
    message['Cc'] = 'friends: dave@example.org;'
    message['Date'] = 'Mon, 23 Nov 2026 11:00:00 +0100'
    message['Subject'] = 'Grüße aus Köln ' * 12 + '🐈'
    message['Message-ID'] = '<one@example.org>'
    message['References'] = '<zero@example.org> <half@example.org>'
    message.set_content('Zeile eins – mit Umlauten äöü\n' * 3 + 'x' * 1200 + '\n')
    message.add_alternative('<p>Zeile <b>eins</b></p>\n', subtype='html')
    message.get_payload()[1].add_related(b'\x00\x01\xff' * 50, 'image', 'png', cid='<logo@example.org>')
    message.add_attachment(b'%PDF' * 99, maintype='application', subtype='pdf', filename='Übersicht für März.pdf')
    return message.as_bytes()


if sys.argv[1:] == ['write']:
    sys.stdout.buffer.write(write())
else:
    json.dump(read(sys.stdin.buffer.read()), sys.stdout)
