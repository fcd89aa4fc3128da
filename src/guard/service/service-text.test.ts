import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../settings.ts';
import { systemdWord } from './systemd-word.ts';
import { openrcScript, runScript, systemdUnit, type ServiceFacts } from './service-text.ts';

const facts: ServiceFacts = {
  self: ['/usr/bin/node', '/usr/lib/node_modules/waymark/bin/waymark'],
  file: '/etc/waymark/guard.yaml',
  settings: DEFAULT_SETTINGS,
};

describe('the service', () => {
  it('starts the guard, and clears up behind it, in words that each program reads as they are', () => {
    expect(systemdUnit(facts)).toContain(
      'ExecStart=/usr/bin/node /usr/lib/node_modules/waymark/bin/waymark guard run --settings /etc/waymark/guard.yaml\nExecStopPost=/usr/bin/node /usr/lib/node_modules/waymark/bin/waymark guard clear --settings /etc/waymark/guard.yaml\n',
    );
    expect(systemdUnit({ ...facts, file: null })).toContain('guard run\n');
    expect(runScript(facts)).toContain('\nexec /usr/bin/node');
    expect(openrcScript(facts)).toContain("command_args='/usr/lib/node_modules/waymark/bin/waymark guard run");
  });
  it('quotes what systemd would change', () => {
    expect(systemdWord('/a b/$x/100%/"c"')).toBe('"/a b/$$x/100%%/\\"c\\""');
    expect(systemdWord('/usr/bin/node')).toBe('/usr/bin/node');
  });
  it('may write where the settings say, and only there', () => {
    const unit = systemdUnit({
      ...facts,
      settings: { ...DEFAULT_SETTINGS, folder: '/srv/blocks', socket: '/run/w/s' },
    });
    expect(unit).toContain('RuntimeDirectory=w\n');
    expect(unit).toContain('ReadWritePaths=/srv/blocks\n');
    expect(unit).not.toContain('StateDirectory');
    expect(systemdUnit(facts)).toContain('RuntimeDirectory=waymark\nStateDirectory=waymark');
    expect(systemdUnit(facts)).not.toContain('ReadWritePaths');
    const proxied = systemdUnit({ ...facts, settings: { ...DEFAULT_SETTINGS, engine: 'nginx' } });
    expect(proxied).toContain('ReadWritePaths=/etc/nginx -/var/log/nginx');
    expect(proxied).toContain('CAP_NET_BIND_SERVICE');
    expect(systemdUnit({ ...facts, settings: { ...DEFAULT_SETTINGS, engine: 'haproxy' } })).toContain(
      'ReadWritePaths=/etc/haproxy\n',
    );
    const delivery = { ...DEFAULT_SETTINGS.delivery, way: 'keepalived' } as const;
    const balanced = systemdUnit({ ...facts, settings: { ...DEFAULT_SETTINGS, delivery } });
    expect(balanced).toContain('ReadWritePaths=/etc/keepalived');
    expect(balanced).toContain('ProtectKernelTunables=no');
    expect(balanced).toContain('ExecStartPre=-+modprobe -aq ip_vs\n');
    const certificates = [{ certificate: '/home/anna/site.pem', key: '/etc/site.key' }];
    expect(systemdUnit({ ...facts, settings: { ...DEFAULT_SETTINGS, certificates } })).toContain(
      'ProtectHome=read-only',
    );
    expect(systemdUnit(facts)).toContain('ProtectHome=yes');
    expect(systemdUnit({ ...facts, self: ['/root/waymark/bin/waymark'] })).toContain('ProtectHome=read-only');
  });
});
