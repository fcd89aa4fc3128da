# what fail2ban itself reads out of its filters: names with options as JSON on stdin, options as JSON on stdout
import json, logging, sys

sys.path.insert(0, '/usr/lib/python3/dist-packages')
logging.getLogger('fail2ban').setLevel(logging.CRITICAL + 1)
from fail2ban.client.filterreader import FilterReader
from fail2ban.helpers import extractOptions

found = {}
for spec in json.load(sys.stdin):
    name, options = extractOptions(spec)
    reader = FilterReader(name, 'jail', options, basedir=sys.argv[1])
    reader.read()
    reader.applyAutoOptions('')
    reader.getOptions(None)
    read = {'failregex': [], 'ignoreregex': [], 'prefregex': None, 'datepattern': None, 'maxlines': 1}
    for command in reader.convert():
        option = command[2]
        if option in ('addfailregex', 'addignoreregex'):
            read[option[3:]] += command[3] if command[0] == 'multi-set' else [command[3]]
        elif option in read:
            read[option] = int(command[3]) if option == 'maxlines' else command[3]
    found[spec] = read
json.dump(found, sys.stdout)
