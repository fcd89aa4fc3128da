# every search that fail2ban's own sample tests do: [[pattern, of each line, [[text, [span, groups] or null] …]] …] as JSON on stdout
import json, os, re, sys, unittest

sys.path.insert(0, '/usr/lib/python3/dist-packages')
os.chdir('/usr/lib/python3/dist-packages')
from fail2ban.server import datetemplate, failregex
from fail2ban.tests import samplestestcase, utils

searches = {}


def note(pattern, text, match):
    kept = searches.setdefault((pattern.pattern, bool(pattern.flags & re.M)), {})
    kept[text] = None if match is None else [match.span(), match.groupdict()]


search = failregex.Regex.search
match_date = datetemplate.DateTemplate.matchDate


def noted_search(self, lines, original=None):
    search(self, lines, original)
    text = lines if isinstance(lines, str) else failregex.Regex._tupleLinesBuf(lines)
    note(self._regexObj, text, self._matchCache)


def noted_date(self, line, *part):
    match = match_date(self, line, *part)
    if not part:
        note(self._cRegex, line, match)
    return match


failregex.Regex.search = noted_search
datetemplate.DateTemplate.matchDate = noted_date
options = utils.getOptParser('').parse_args([])[0]
for name, value in dict(fast=True, no_network=True, log_level=50, verbosity=0, memory_db=True, no_gamin=True).items():
    setattr(options, name, value)
utils.initTests(options)
suite = unittest.defaultTestLoader.loadTestsFromTestCase(samplestestcase.FilterSamplesRegex)
unittest.TextTestRunner(stream=open(os.devnull, 'w')).run(suite)
json.dump([[p, m, [[t, f] for t, f in texts.items()]] for (p, m), texts in searches.items()], sys.stdout)
