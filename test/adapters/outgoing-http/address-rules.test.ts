import { refusalOf } from '../../../lib/adapters/outgoing-http/address-rules.ts';

const strict = { allowLoopback: false, allowPrivate: false };

describe('an address a request may go to', () => {
  it.each([
    '93.184.216.34',
    '2606:2800:220:1:248:1893:25c8:1946',
    '64:ff9b::5db8:d822',
    '::ffff:93.184.216.34',
  ])('is on the public internet: %s', (address) => expect(refusalOf(address, strict)).toBeUndefined());

  it.each(['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'])(
    'is this machine only where loopback is allowed: %s',
    (address) => {
      expect(refusalOf(address, strict)).toContain('loopback');
      expect(refusalOf(address, { ...strict, allowPrivate: true })).toContain('loopback');
      expect(refusalOf(address, { ...strict, allowLoopback: true })).toBeUndefined();
    },
  );

  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.1.1',
    'fe80::1',
    'fe80::1%eth0',
    'fd12::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '::10.0.0.1',
  ])('is private only where the destination says so: %s', (address) => {
    expect(refusalOf(address, strict)).toContain('allow_private: true');
    expect(refusalOf(address, { ...strict, allowPrivate: true })).toBeUndefined();
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '100.100.100.200',
    '168.63.129.16',
    '::ffff:168.63.129.16',
  ])('is never where a cloud keeps credentials: %s', (address) => {
    expect(refusalOf(address, { allowLoopback: true, allowPrivate: true })).toContain('metadata');
  });

  it.each([
    '0.0.0.0',
    '::',
    '255.255.255.255',
    '224.0.0.1',
    'ff02::1',
    '192.0.2.1',
    '198.18.0.1',
    '240.0.0.1',
    '2002:a00:1::',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:5601:5601',
    '2002:a9fe:a9fe::1',
    '::2',
    '::a9fe:a9fe',
    '[::a9fe:a9fe]',
    '::5db8:d822',
    '64:ff9b:1::a00:1',
    '64:ff9b:1:a9fe:a9:fe00:5db8:d822',
    'fec0::1',
  ])('is never one that nobody can have: %s', (address) =>
    expect(refusalOf(address, { allowLoopback: true, allowPrivate: true })).toContain('not an address'),
  );

  it('is an address', () => {
    expect(refusalOf('example.com', strict)).toBe('example.com is not an IP address');
  });
});
