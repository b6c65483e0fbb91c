#!/usr/bin/env python3
"""Checks a pack of evidence: the second verifier, which shares no code with verify.mjs.

Python's standard library, and the `openssl` command for Ed25519.

  python3 verify.py [PACK] --key KEY [--key KEY] [--earlier FILE] [--witness KEY] [--quorum N] [--json]

KEY is the key of the log, or a file with such keys, from the operator in another way than this pack. Ends with 0 if every
check passed, with the number of the first one that failed (10 to 21), or with 2 for wrong usage.
"""
import base64
import hashlib
import html
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

# The sentences of the report and its frame: words, not rules.
WORDS = json.loads(r'''@WORDS@''')

TITLES = {
    10: "The pack is complete, and holds nothing else",
    11: "Every file is the one that the manifest lists",
    12: "The log that you know signed the manifest and the checkpoint",
    13: "Witnesses saw the same log",
    14: "Every record follows from its event",
    15: "Every record is in the log, at its place",
    16: "The log still begins with what you kept of it",
    17: "No event of these streams is left out or was added",
    18: "Every content file has the bytes that its version names",
    19: "Every decision kept to the rules",
    20: "What was erased",
    21: "The report tells what the events say",
}
OUTSIDE = ["manifest.json", "manifest.json.note"]
NEEDED = ["events.ndjson", "leaves.ndjson", "checkpoints/to", "heads/tail.ndjson", "heads/subtrees.txt",
          "actors.ndjson", "report.html", "CERTIFICATE.txt", "README.txt"]
MANIFEST_HEADER = "palimpsest.invalid/evidence-manifest@v1"


class Failed(Exception):
    pass


def expect(truth, message):
    if not truth:
        raise Failed(message)


def sha(data):
    return hashlib.sha256(data).digest()


def strict64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Failed('"%s" is no base64 text' % text[:80])
    expect(base64.b64encode(data).decode() == text, '"%s" is no base64 text' % text[:80])
    return data


# RFC 8785

def number(value):
    if isinstance(value, int):
        return str(value)
    expect(value == value and abs(value) != float("inf"), "a number that JSON does not have")
    if value == 0:
        return "0"
    digits, exponent = ("%r" % abs(value)).lower(), 0
    if "e" in digits:
        digits, power = digits.split("e")
        exponent = int(power)
    whole, _, rest = digits.partition(".")
    if rest == "0":
        rest = ""
    all_digits = (whole + rest).lstrip("0")
    point = len(whole) + exponent - (len(whole + rest) - len((whole + rest).lstrip("0")))
    stripped = all_digits.rstrip("0")
    count = len(stripped)
    if count <= point <= 21:
        text = stripped + "0" * (point - count)
    elif 0 < point <= 21:
        text = stripped[:point] + "." + stripped[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + stripped
    else:
        mantissa = stripped[0] + ("." + stripped[1:] if count > 1 else "")
        text = "%se%s%d" % (mantissa, "+" if point > 0 else "-", abs(point - 1))
    return ("-" if value < 0 else "") + text


def canonical(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"


# The tree

def leaf(entry):
    return sha(b"\x00" + entry)


def node(left, right):
    return sha(b"\x01" + left + right)


def root_of(index, size, start, proof):
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, start
    for sibling in proof:
        if last == 0 or len(sibling) != 32:
            return None
        if at & 1 or at == last:
            found = node(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, sibling)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def is_beginning(size1, root1, size2, root2, proof):
    if size1 > size2 or any(len(each) != 32 for each in proof):
        return False
    if size1 == 0:
        return not proof
    if size1 == size2:
        return not proof and root1 == root2
    if not proof:
        return False
    path = [root1] + proof if size1 & (size1 - 1) == 0 else list(proof)
    at, last = size1 - 1, size2 - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    one = two = path.pop(0)
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            one, two = node(sibling, one), node(sibling, two)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            two = node(two, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and one == root1 and two == root2


def root_from(count, subtrees, leaves):
    sizes = [1 << bit for bit in range(count.bit_length() - 1, -1, -1) if count >> bit & 1]
    if len(sizes) != len(subtrees):
        return None
    stack = list(zip(sizes, subtrees))
    for each in leaves:
        size, top = 1, each
        while stack and stack[-1][0] == size:
            top = node(stack.pop()[1], top)
            size *= 2
        stack.append((size, top))
    if not stack:
        return sha(b"")
    found = stack.pop()[1]
    while stack:
        found = node(stack.pop()[1], found)
    return found


def nibbles(key):
    return [int(letter, 16) for letter in key.hex()]


ABSENT = object()


def end_of(stream, proof, root):
    """Where a stream ends, ABSENT, or None where nothing is proved."""
    key = nibbles(sha(stream.encode()))
    expected = root
    if not proof["nodes"]:
        return None
    for depth, branches in enumerate(proof["nodes"]):
        hashes = [bytes.fromhex(branch) if branch else bytes(32) for branch in branches]
        if len(hashes) != 16 or any(len(each) != 32 for each in hashes) or sha(b"\x01" + b"".join(hashes)).hex() != expected:
            return None
        expected = hashes[key[depth]].hex()
    end = proof.get("end")
    if end is None:
        return ABSENT if expected == "0" * 64 else None
    there = bytes.fromhex(end["key"])
    if sha(b"\x00" + there + end["revision"].to_bytes(8, "big") + bytes.fromhex(end["leaf"])).hex() != expected:
        return None
    if nibbles(there) == key:
        return end
    depth = len(proof["nodes"])
    return ABSENT if nibbles(there)[:depth] == key[:depth] else None


# Notes

def read_key(text):
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    data = strict64(encoded)
    expect(name and len(data) == 33 and data[0] in (1, 4), '"%s" is no key of a log or witness' % text.strip())
    computed = sha(name.encode() + b"\n" + data)[:4]
    expect(computed.hex() == key_id, 'the key "%s" was copied wrong: its id is %s' % (text.strip(), computed.hex()))
    return {"name": name, "id": computed, "type": data[0], "key": data[1:]}


def split_note(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Failed("a signed note is UTF-8")
    end = text.rfind("\n\n")
    expect(end >= 0 and text.endswith("\n") and not re.search("[\x00-\x09\x0b-\x1f]", text),
           "a signed note ends with a blank line and its signatures")
    return text[:end + 1], text[end + 2:-1].split("\n")


def ed25519(key, message, signature):
    der = bytes.fromhex("302a300506032b6570032100") + key
    pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(der).decode()
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for name, data in (("key", pem.encode()), ("message", message), ("signature", signature)):
            names[name] = os.path.join(folder, name)
            with open(names[name], "wb") as file:
                file.write(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", names["key"], "-rawin",
                   "-in", names["message"], "-sigfile", names["signature"]]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def signers(data, keys):
    text, lines = split_note(data)
    found = []
    for line in lines:
        parts = line.split(" ")
        expect(len(parts) == 3 and parts[0] == "\u2014", '"%s" is no signature line' % line)
        signature = strict64(parts[2])
        for key in keys:
            if key["name"] != parts[1] or key["id"] != signature[:4]:
                continue
            body, message, seconds = signature[4:], text, None
            if key["type"] == 4:
                seconds = int.from_bytes(body[:8], "big")
                body, message = body[8:], "cosignature/v1\ntime %d\n%s" % (seconds, text)
            expect(len(body) == 64 and ed25519(key["key"], message.encode(), body),
                   "the signature of %s is wrong" % parts[1])
            found.append((key, seconds))
            break
    return found


def read_checkpoint(text):
    lines = text.split("\n")
    expect(len(lines) > 3 and lines[0] and re.fullmatch(r"0|[1-9]\d{0,15}", lines[1]), "the text is no checkpoint")
    root = strict64(lines[2])
    expect(len(root) == 32, "the text is no checkpoint")
    return lines[0], int(lines[1]), root


def read_proof(text):
    head, _, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    match = re.fullmatch(r"index (0|[1-9]\d{0,15})", lines[1]) if len(lines) > 1 else None
    expect(lines[0] == "c2sp.org/tlog-proof@v1" and match, "the text is no proof")
    return int(match.group(1)), [strict64(line) for line in lines[2:]], checkpoint


# Decisions

def plain(actor):
    return actor.strip().lower()


ABOUT = ("ReviewRequested", "ReviewRoundOpened", "StageSatisfied", "DecisionRecorded", "ApprovalGranted",
         "ApprovalCarriedOver", "PlacementStarted", "DecisionAttested")


def decision_faults(told):
    faults, versions, reviews, live, given = [], {}, {}, {}, set()
    for entry in told:
        event = entry["event"]
        kind, data, meta = event["type"], event["data"], event["metadata"]
        actors = [plain(meta["actorId"])] + ([plain(meta["onBehalfOf"])] if "onBehalfOf" in meta else [])

        def wrong(what):
            faults.append("entry %d, %s: %s" % (entry["index"], kind, what))

        version, digest = data.get("version"), data.get("digest")
        if kind == "VersionAdded":
            versions[version] = (digest, set(actors) | {plain(each) for each in data.get("contributors", [])})
            continue
        known = versions.get(version)
        if kind in ABOUT and (known[0] if known else None) != digest:
            wrong("the SHA-256 is not the one of version %s" % version)
        if kind == "ReviewRequested":
            reviews[data["review"]] = {"of": (version, digest), "by": set(actors), "approving": set(), "stages": {},
                                       "required": 0 if "workflow" in data else data.get("required", 1)}
        review = reviews.get(data.get("review"))
        if review is not None:
            if kind == "ReviewRoundOpened":
                review.update({"of": (version, digest), "approving": set(), "stages": {}})
            elif kind == "StageOpened":
                review["stages"][data["stage"]] = data.get("paths", [])
            elif kind == "DecisionWithdrawn":
                review["approving"].discard(plain(data["person"]))
            elif kind == "StageSatisfied" and data.get("byRule") is not True:
                filled = {each["path"]: {plain(person) for person in each["people"]} for each in data.get("filled", [])}
                for path in review["stages"].get(data["stage"], []):
                    people = filled.get(path["path"], set())
                    if path.get("optional") is not True and len(people) < path["quorum"]:
                        wrong("path %s needs %d people" % (path["path"], path["quorum"]))
                    if people - review["approving"]:
                        wrong("somebody is named in path %s who did not approve" % path["path"])
        if kind == "DecisionRecorded":
            if review is None or review["of"] != (version, digest):
                wrong("no review of this version and these bytes was open")
            elif data["decision"] in ("approve", "approveWithChanges") and data.get("automated") is not True:
                if set(actors) & ((known[1] if known else set()) | review["by"]):
                    wrong("%s made or submitted what was decided on" % meta["actorId"])
                review["approving"].add(plain(meta.get("onBehalfOf", meta["actorId"])))
                if "insteadOf" in data:
                    review["approving"].add(plain(data["insteadOf"]))
        if kind in ("ApprovalGranted", "ApprovalCarriedOver"):
            live = {data["approval"]: (version, digest)}
            given.add(data["approval"])
        if kind == "ApprovalCarriedOver" and data["from"] not in given:
            wrong("approval %s was never given" % data["from"])
        if kind == "ApprovalGranted":
            deciders = {plain(each) for each in data.get("decidedBy", [])}
            if review is None:
                wrong("there was no review")
            else:
                if deciders - review["approving"]:
                    wrong("somebody is named who did not approve")
                if len(deciders) < review["required"]:
                    wrong("%s people had to approve" % review["required"])
        elif kind == "ApprovalLapsed":
            live.pop(data["approval"], None)
        elif kind == "PlacementStarted":
            approval = live.get(data["approval"])
            if approval is None:
                wrong("approval %s was not in force" % data["approval"])
            elif approval != (version, digest):
                wrong("the approval is of another version")
    return faults


# The report

def escape(text):
    return html.escape(text, quote=False).replace('"', "&quot;")


def shown(value):
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value)
    return canonical(value)


def sentence(event, names):
    meta = event["metadata"]
    actor = names.get(meta["actorId"], meta["actorId"])
    if "onBehalfOf" in meta:
        actor += " for " + names.get(meta["onBehalfOf"], meta["onBehalfOf"])

    def fill(template):
        parts = re.split(r"\{([\w.]+)\}", template)
        for at in range(1, len(parts), 2):
            name = parts[at]
            if name == "actor":
                parts[at] = actor
            elif name == "type":
                parts[at] = event["type"]
            else:
                path = name.split(".")[1:]
                as_names = path[-1] == "names"
                value = event["data"]
                for step in path[:-1] if as_names else path:
                    value = value.get(step) if isinstance(value, dict) else None
                if value is None or value == "":
                    return None
                if as_names and isinstance(value, list):
                    value = [names.get(shown(each), shown(each)) for each in value]
                parts[at] = shown(value)
        return "".join(parts)

    template = WORDS["sentences"].get(event["type"], WORDS["sentences"]["other"])
    filled = []
    for part in re.split(r"(\[[^\]]*\])", template):
        if part.startswith("["):
            filled.append(fill(part[1:-1]) or "")
        else:
            filled.append(fill(part))
    if None in filled:
        return "%s recorded %s" % (actor, event["type"])
    return "".join(filled)


def report(manifest, streams, names, pictures):
    title = escape(manifest["title"])
    out = ['<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
           '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
           "<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<h1>%s</h1>\n" % (title, WORDS["style"], title),
           "<p>From the log <b>%s</b>, as signed at %d entries; the last of them was recorded at %s.</p>\n"
           % (escape(manifest["log"]), manifest["size"], escape(manifest["asOf"])),
           '<p class="small">%s</p>\n' % WORDS["limits"]]
    for stream, told in streams.items():
        out.append("<h2>%s</h2>\n<table>\n" % escape(stream))
        for entry in told:
            index, event = entry["index"], entry["event"]
            picture = pictures.get(event["data"].get("digest")) if event["type"] == "VersionAdded" else None
            image = '<img src="%s" alt="what was seen">' % escape(picture) if picture else ""
            out.append('<tr id="entry-%d"><td class="at">%s</td><td><a href="#event-%d">%s</a>. '
                       '<a href="proofs/%d.tlog-proof">Proof</a>%s</td></tr>\n'
                       % (index, escape(event["metadata"]["occurredAt"]), index, escape(sentence(event, names)), index, image))
        out.append("</table>\n<h3>The events as they were signed</h3>\n")
        for entry in told:
            index = entry["index"]
            out.append('<pre id="event-%d"><a href="#entry-%d">%d</a> %s</pre>\n'
                       % (index, index, index, escape(canonical(entry["event"]))))
    return "".join(out) + "</body>\n</html>\n"


class Verification:
    def __init__(self, root, keys, witnesses, quorum, earlier):
        self.root, self.witness_keys, self.quorum, self.earlier = root, witnesses, quorum, earlier
        self.keys = keys
        self.files, self.strange = {}, []
        self.lines = []
        self.manifest = self.to = None
        self.entries, self.records, self.leaves = [], {}, {}
        self.walk(root, "")

    def walk(self, folder, prefix):
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISDIR(mode):
                self.walk(path, prefix + name + "/")
            elif stat.S_ISREG(mode):
                with open(path, "rb") as file:
                    self.files[prefix + name] = file.read()
            else:
                self.strange.append(prefix + name)

    def run(self):
        looks = {10: self.layout, 11: self.digests, 12: self.signatures, 13: self.witnesses, 14: self.recompute,
                 15: self.inclusion, 16: self.consistency, 17: self.completeness, 18: self.contents,
                 19: self.decisions, 20: lambda: "no field of these events was erased", 21: self.tells}
        for code, look in looks.items():
            try:
                ok, detail = True, look()
            except Failed as error:
                ok, detail = False, str(error)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError):
                ok, detail = False, "a file that it needs is damaged"
            self.lines.append({"code": code, "ok": ok, "title": TITLES[code], "detail": detail})
        return self.lines

    def data(self, name):
        expect(name in self.files, "%s is missing" % name)
        return self.files[name]

    def text(self, name):
        try:
            return self.data(name).decode("utf-8")
        except UnicodeDecodeError:
            raise Failed("%s cannot be read" % name)

    def json(self, name, text=None):
        try:
            return json.loads(self.text(name) if text is None else text)
        except ValueError:
            raise Failed("%s is damaged" % name)

    def rows(self, name):
        text = self.text(name)
        expect(text == "" or text.endswith("\n"), "%s ends in the middle of a line" % name)
        rows = []
        for line in text.split("\n")[:-1]:
            value = self.json(name, line)
            expect(canonical(value) == line, "a line of %s is not canonical JSON" % name)
            rows.append(value)
        return rows

    def checkpoint(self):
        expect(self.to, "the checkpoint is not signed by a key that you gave")
        return self.to

    def known(self):
        expect(self.manifest, "the manifest cannot be read")
        return self.manifest

    def streams(self):
        streams = {}
        for entry in self.entries:
            streams.setdefault(entry["event"]["stream"], []).append(entry)
        return streams

    def layout(self):
        expect(not self.strange, "no plain files: %s" % ", ".join(self.strange))
        manifest = self.json("manifest.json")
        expect(manifest.get("v") == 1 and isinstance(manifest.get("files"), dict), "manifest.json is none of this version")
        self.manifest = manifest
        listed = set(manifest["files"]) | set(OUTSIDE)
        missing = [name for name in sorted(listed | set(NEEDED)) if name not in self.files]
        expect(not missing, "missing: %s" % ", ".join(missing))
        extra = [name for name in self.files if name not in listed]
        expect(not extra, "not listed in the manifest: %s" % ", ".join(extra))
        bad = [name for name in listed if not re.fullmatch(r"[A-Za-z0-9_.@-]+(/[A-Za-z0-9_.@-]+)*", name)
               or any(part in (".", "..") for part in name.split("/"))]
        expect(not bad, "names that lead elsewhere: %s" % ", ".join(bad))
        return "%d files" % len(self.files)

    def digests(self):
        wrong = [name for name, listed in self.known()["files"].items()
                 if name not in self.files or len(self.files[name]) != listed["bytes"]
                 or sha(self.files[name]).hex() != listed["sha256"]]
        expect(not wrong, "changed: %s" % ", ".join(wrong))
        return "%d files have the SHA-256 and size of the manifest" % len(self.manifest["files"])

    def by(self, keys, data, what):
        found = signers(data, keys)
        expect(found, "no key that you gave signed %s" % what)
        return found

    def signatures(self):
        keys = [read_key(text) for text in self.keys]
        expect(keys, "give the key of the log, which you got in another way than this pack")
        note, checkpoint = self.data("manifest.json.note"), self.data("checkpoints/to")
        self.by(keys, note, "the manifest")
        self.by(keys, checkpoint, "the checkpoint")
        to = read_checkpoint(split_note(checkpoint)[0])
        names = [key["name"] for key in keys]
        expect(to[0] in names, "the checkpoint is of the log %s, not of %s" % (to[0], " or ".join(names)))
        digest = sha(self.data("manifest.json")).hex()
        expect(split_note(note)[0] == "%s\n%s\n%s\n" % (MANIFEST_HEADER, to[0], digest), "the note is of another manifest")
        self.to = to
        expect(self.known()["size"] == to[1] and self.manifest["log"] == to[0], "the manifest is of another checkpoint")
        return "%s signed %d entries" % to[:2]

    def witnesses(self):
        if not self.witness_keys:
            return "not asked for: signed by the operator, unwitnessed"
        self.checkpoint()
        keys = [read_key(text) for text in self.witness_keys]
        found = signers(self.data("checkpoints/to"), keys)
        quorum = self.quorum or len(keys)
        count = len({key["key"] for key, _ in found})
        expect(count >= quorum, "%d of the witnesses cosigned, and %d must have" % (count, quorum))
        return "cosigned by " + ", ".join(
            "%s at %s" % (key["name"], datetime.fromtimestamp(seconds or 0, timezone.utc).isoformat()) for key, seconds in found)

    def recompute(self):
        origin = self.checkpoint()[0]
        self.entries = self.rows("events.ndjson")
        rows = self.rows("leaves.ndjson")
        self.records = {row["index"]: canonical(row["record"]) for row in rows}
        expect(len(rows) == len(self.records), "an index stands twice in leaves.ndjson")
        self.leaves = {index: leaf(record.encode()) for index, record in self.records.items()}
        last = {}
        for entry in self.entries:
            event, salt = entry["event"], bytes.fromhex(entry["salt"])
            expect(len(salt) == 16, "the salt of %s has not 16 bytes" % event["id"])
            record = {
                "v": 1, "log": origin, "position": event.get("originalPosition", event["position"]),
                "eventId": event["id"], "stream": event["stream"], "revision": event["revision"], "type": event["type"],
                "recordedAt": event["recordedAt"], "actor": event["metadata"]["actorId"],
                "metaHash": sha(canonical(event["metadata"]).encode()).hex(),
                "dataHash": sha(salt + canonical(event["data"]).encode()).hex(),
            }
            if event["stream"] in last:
                record["prev"] = last[event["stream"]]
            expect(self.records.get(entry["index"]) == canonical(record),
                   "entry %d is not the record of %s %s in %s" % (entry["index"], event["type"], event["id"], event["stream"]))
            last[event["stream"]] = self.leaves[entry["index"]].hex()
        return "%d events" % len(self.entries)

    def inclusion(self):
        _, size, root = self.checkpoint()
        checkpoint = self.text("checkpoints/to")
        for index, start in self.leaves.items():
            name = "proofs/%d.tlog-proof" % index
            of, proof, under = read_proof(self.text(name))
            expect(of == index and under == checkpoint, "%s is of another entry or checkpoint" % name)
            expect(root_of(index, size, start, proof) == root, "%s does not prove that entry %d is in the log" % (name, index))
        known = {entry["index"] for entry in self.entries}
        for index, record in self.records.items():
            expect(index in known or json.loads(record)["type"] == "StreamHeads",
                   "entry %d belongs to no event of the pack" % index)
        expect(self.leaves, "there is no record")
        return "%d records, under the root of the checkpoint" % len(self.leaves)

    def consistency(self):
        to = self.checkpoint()
        if self.earlier is None:
            return "not asked for: give a checkpoint that you kept with --earlier"
        self.by([read_key(text) for text in self.keys], self.earlier, "the checkpoint that you kept")
        origin, size, root = read_checkpoint(split_note(self.earlier)[0])
        expect(origin == to[0], "the checkpoint that you kept is of the log %s" % origin)
        expect(size <= to[1], "you kept %d entries, and the pack has %d: history was shortened" % (size, to[1]))
        proof = []
        if size not in (0, to[1]):
            expect("checkpoints/from" in self.files, "the pack was not made for the checkpoint that you kept: "
                   "have it made again with --since that checkpoint")
            proof = [strict64(line) for line in self.text("consistency.txt").split("\n")[:-1]]
        expect(is_beginning(size, root, to[1], to[2], proof),
               "the log does not begin with the %d entries that you kept: history was rewritten" % size)
        return "the %d entries that you kept are the first of the %d" % (size, to[1])

    def completeness(self):
        _, size, root = self.checkpoint()
        heads = size - size % 257 - 1
        tail = self.text("heads/tail.ndjson").split("\n")[:-1]
        subtrees = [strict64(line) for line in self.text("heads/subtrees.txt").split("\n")[:-1]]
        expect(heads + 1 + len(tail) == size
               and root_from(heads + 1, subtrees, [leaf(entry.encode()) for entry in tail]) == root,
               "the entries behind the last heads of streams are not those of the log")
        committed = None
        if heads >= 0:
            expect(heads in self.records, "entry %d, which commits to the ends of streams, is not in the pack" % heads)
            record = json.loads(self.records[heads])
            expect(record["type"] == "StreamHeads", "entry %d commits to no ends of streams" % heads)
            committed = record["root"]
        later = {}
        for offset, entry in enumerate(tail):
            record = self.json("heads/tail.ndjson", entry)
            later[record["stream"]] = (record["revision"], heads + 1 + offset)
        streams = self.streams()
        for stream, told in streams.items():
            self.complete(stream, told, committed, later.get(stream))
        return ("%d streams from their first event to their last at %d entries; what came later is not covered"
                % (len(streams), size))

    def complete(self, stream, told, committed, later):
        revisions = [entry["event"]["revision"] for entry in told]
        expect(revisions == list(range(len(told))), "%s skips or repeats revisions: events are left out" % stream)
        if committed is not None:
            name = "heads/%s.json" % stream
            end = end_of(stream, self.json(name), committed)
            expect(end is not None, "%s does not prove where %s ends" % (name, stream))
            if end is not ABSENT:
                held = end["revision"] < len(told) and self.leaves[told[end["revision"]]["index"]].hex() == end["leaf"]
                expect(held, "%s had revision %d, which is not in the pack: its end was cut off" % (stream, end["revision"]))
            if later is None:
                expect(end is not ABSENT and end["revision"] == revisions[-1],
                       "%s has more events here than in the log" % stream)
        if later is not None:
            expect(later == (revisions[-1], told[-1]["index"]),
                   "%s goes on to revision %d, which is not in the pack: its end was cut off" % (stream, later[0]))
        expect(committed is not None or later is not None, "%s is not in the log" % stream)

    def contents(self):
        names = [name for name in self.files if name.startswith("content/")]
        named = {entry["event"]["data"].get("digest") for entry in self.entries}
        for name in names:
            digest = sha(self.files[name]).hex()
            expect(name[len("content/"):].split(".")[0] == digest and digest in named, "%s has the SHA-256 %s" % (name, digest))
        if not names:
            return "the pack holds the SHA-256 of the bytes, and not the bytes"
        return "%d content files" % len(names)

    def decisions(self):
        faults = [fault for told in self.streams().values() for fault in decision_faults(told)]
        expect(not faults, "; ".join(faults))
        count = sum(entry["event"]["type"] == "DecisionRecorded" for entry in self.entries)
        return "%d decisions: each on the bytes of its version, by somebody who neither made nor submitted them" % count

    def tells(self):
        manifest = self.known()
        names = {row["id"]: row["name"] for row in self.rows("actors.ndjson") if "name" in row}
        pictures = {}
        for name in sorted(self.files):
            match = re.fullmatch(r"content/([0-9a-f]{64})\.(?:png|jpg|gif|webp|avif)", name)
            if match:
                pictures[match.group(1)] = name
        expected = report(manifest, self.streams(), names, pictures)
        expect(self.text("report.html") == expected, "report.html does not tell what the events say")
        return "%d sentences" % len(self.entries)


def keys_in(value):
    if re.fullmatch(r"[^+\s]+\+[0-9a-f]{8}\+\S+", value):
        return [value]
    with open(value, encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.strip().startswith("#")]


def printable(text):
    """A pack may come from anybody: a terminal would obey control characters in its names and texts."""
    return "".join(sign if sign.isprintable() else "\\u{%x}" % ord(sign) for sign in text)


def main(words):
    pack, keys, witness_keys, quorum, earlier, as_json = os.path.dirname(os.path.abspath(__file__)), [], [], None, None, False
    words = list(words)
    try:
        while words:
            word = words.pop(0)
            if word == "--json":
                as_json = True
            elif word == "--key":
                keys += keys_in(words.pop(0))
            elif word == "--witness":
                witness_keys += keys_in(words.pop(0))
            elif word == "--quorum":
                quorum = int(words.pop(0))
            elif word == "--earlier":
                with open(words.pop(0), "rb") as file:
                    earlier = file.read()
            elif word.startswith("-"):
                raise ValueError("there is no option %s" % word)
            else:
                pack = word
        if not keys:
            raise ValueError("--key is missing: without a key that you got elsewhere, nothing can be verified")
        verification = Verification(pack, keys, witness_keys, quorum, earlier)
    except (OSError, ValueError, IndexError) as error:
        print("%s\n\n%s" % (printable(str(error)), __doc__), file=sys.stderr)
        return 2
    lines = verification.run()
    failed = [line for line in lines if not line["ok"]]
    if as_json:
        print(json.dumps({"ok": not failed, "lines": lines}))
    else:
        for line in lines:
            print("%s %d  %s: %s" % ("ok    " if line["ok"] else "FAILED", line["code"], line["title"], printable(line["detail"])))
        print("\n%d of %d checks failed: do not rely on this pack." % (len(failed), len(lines)) if failed else
              "\nEvery check passed. The pack is complete and unchanged up to its checkpoint; "
              "it says nothing of what came later.")
    return failed[0]["code"] if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
