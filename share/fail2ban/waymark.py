# An action of fail2ban: whoever it bans sees Waymark's page instead of silence.
#
#   cp waymark.py /etc/fail2ban/action.d/
#   jail.local:   [DEFAULT]
#                 banaction = waymark.py
#                 banaction_allports = waymark.py
#
# No process is started for a ban: they are handed to the guard over its socket, many in one line. While no guard runs they wait. The
# guard leaves out whoever must never be blocked; an unban lifts only what this jail banned.

import json
import socket
import threading
from collections import deque

from fail2ban.server.action import ActionBase

# bans in one line at most
TOGETHER = 500
# seconds that an answer may take, between tries, and that the end may take
ANSWER, RETRY, END = 30, 1, 10


class Waymark(ActionBase):
    def __init__(self, jail, name, socket='/run/waymark/guard.sock', **others):
        super().__init__(jail, name)
        self.path = socket
        self.by = 'fail2ban %s' % jail.name
        self.waiting = deque()
        self.changed = threading.Condition()
        self.ending = False
        self.thread = None

    def start(self):
        self.ending = False
        self.thread = threading.Thread(target=self.send_all, name='waymark', daemon=True)
        self.thread.start()

    def stop(self):
        with self.changed:
            self.ending = True
            self.changed.notify()
        if self.thread:
            self.thread.join(END)

    def ban(self, info):
        seconds = int(info['bantime'])
        lines = str(info['matches'] or '').split('\n')[-5:]
        ban = {'target': str(info['ip']), 'seconds': None if seconds < 0 else seconds, 'evidence': lines}
        self.add('ban', ban)

    def unban(self, info):
        self.add('unban', str(info['ip']))

    def add(self, what, value):
        with self.changed:
            self.waiting.append((what, value))
            self.changed.notify()

    def send_all(self):
        while True:
            with self.changed:
                while not self.waiting and not self.ending:
                    self.changed.wait()
                if not self.waiting:
                    return
                what = self.waiting[0][0]
                values = []
                for kind, value in self.waiting:
                    if kind != what or len(values) == TOGETHER:
                        break
                    values.append(value)
            key = 'bans' if what == 'ban' else 'targets'
            if self.ask({'do': what, 'by': self.by, key: values}):
                with self.changed:
                    for _ in values:
                        self.waiting.popleft()
            else:
                with self.changed:
                    if self.ending:
                        return
                    self.changed.wait(RETRY)

    def ask(self, request):
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as guard:
                guard.settimeout(ANSWER)
                guard.connect(self.path)
                guard.sendall((json.dumps(request) + '\n').encode())
                answer = b''
                while not answer.endswith(b'\n'):
                    part = guard.recv(65536)
                    if not part:
                        raise OSError('the guard gave no answer')
                    answer += part
            for said in json.loads(answer)['diagnostics']:
                self._logSys.log(40 if said['severity'] == 'error' else 30, 'waymark: %s', said['message'])
            return True
        except (OSError, ValueError, KeyError) as error:
            self._logSys.warning('waymark: %s: %s; bans wait until it answers', self.path, error)
            return False


Action = Waymark
