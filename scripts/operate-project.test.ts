import { describe, expect, it } from 'vitest';
import { explained, onEmulators } from './operate-project.ts';

const place = { project: 'my-app', database: '(default)', names: {} } as never;

describe('onEmulators', () => {
  const both = { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080', FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099' };

  it('wants both or none', () => {
    expect(onEmulators(both)).toBe(true);
    expect(onEmulators({})).toBe(false);
    expect(() => onEmulators({ ...both, FIRESTORE_EMULATOR_HOST: '' })).toThrow(
      'FIREBASE_AUTH_EMULATOR_HOST is set and FIRESTORE_EMULATOR_HOST is not',
    );
    expect(() => onEmulators({ FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' })).toThrow('set both');
  });
});

describe('explained', () => {
  it.each([
    [
      new Error('Could not load the default credentials. Browse to https://cloud.google.com/docs/…'),
      'gcloud auth application-default login',
    ],
    [new Error('Unable to read the credential file specified by GOOGLE_APPLICATION_CREDENTIALS'), 'login'],
    [Object.assign(new Error('token'), { code: 'app/invalid-credential' }), 'application-default login'],
    [
      new Error('{"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)"}'),
      'login',
    ],
    [
      new Error(
        'The identitytoolkit.googleapis.com API requires a quota project, which is not set by default.',
      ),
      'set-quota-project my-app',
    ],
    [
      Object.assign(new Error('7 PERMISSION_DENIED: Missing or insufficient permissions.'), { code: 7 }),
      'roles/datastore.user',
    ],
    [Object.assign(new Error('x'), { code: 'auth/insufficient-permission' }), 'roles/firebaseauth.admin'],
    [
      Object.assign(new Error('5 NOT_FOUND: The database (default) does not exist'), { code: 5 }),
      'gcloud firestore databases list --project my-app',
    ],
  ])('says what helps against %s', (error, remedy) => {
    const better = explained(error, place);
    expect(better.message).toContain(remedy);
    expect(better.cause).toBe(error);
  });

  it('leaves an error of its own as it is', () => {
    const error = new Error('This is the last admin.');
    expect(explained(error, place)).toBe(error);
  });
});
