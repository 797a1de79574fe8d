import { describe, expect, it } from 'vitest';
import { accessTokenOf, apiKeyOf, routeOf } from './routes.ts';

const service = (version: string, method: string): string =>
  `/ws/google.ai.generativelanguage.${version}.GenerativeService.${method}`;

describe('routeOf', () => {
  it('finds both methods in every version', () => {
    for (const apiVersion of ['v1', 'v1alpha', 'v1beta']) {
      for (const method of ['BidiGenerateContent', 'BidiGenerateContentConstrained']) {
        expect(routeOf(service(apiVersion, method))).toEqual({
          kind: 'live',
          backend: 'google-ai',
          door: 'direct',
          apiVersion,
          method,
        });
      }
      expect(routeOf(`/${apiVersion}/auth_tokens`)).toEqual({ kind: 'tokens', apiVersion });
    }
  });

  it.each([
    ['google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent', 'vertex-ai', 'direct', 'v1'],
    ['google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent', 'vertex-ai', 'direct', 'v1beta1'],
    [
      'google.firebase.vertexai.v1beta.GenerativeService/BidiGenerateContent',
      'google-ai',
      'firebase',
      'v1beta',
    ],
  ])('finds %s', (path, backend, door, apiVersion) => {
    const method = 'BidiGenerateContent';
    expect(routeOf(`//ws/${path}?key=k`)).toEqual({ kind: 'live', backend, door, apiVersion, method });
  });

  it('finds the region in a path of Firebase for Vertex AI', () => {
    const path =
      '/ws/google.firebase.vertexai.v1beta.LlmBidiService/BidiGenerateContent/locations/us-central1';
    expect(routeOf(`${path}?key=k`)).toEqual({
      kind: 'live',
      backend: 'vertex-ai',
      door: 'firebase',
      apiVersion: 'v1beta',
      method: 'BidiGenerateContent',
      location: 'us-central1',
    });
  });

  it('takes doubled slashes for one, and leaves those of the query alone', () => {
    expect(routeOf(`/${service('v1beta', 'BidiGenerateContent')}?key=a//b`)).toMatchObject({ kind: 'live' });
    expect(routeOf('//v1beta//auth_tokens')).toMatchObject({ kind: 'tokens' });
    expect(apiKeyOf('//ws//x?key=a//b', {})).toBe('a//b');
  });

  it('finds nothing elsewhere', () => {
    for (const path of [
      service('v2', 'BidiGenerateContent'),
      service('v1beta', 'bidiGenerateContent'),
      service('v1beta', 'BidiGenerateContent/locations/us'),
      `/prefix${service('v1beta', 'BidiGenerateContent')}`,
      '/v1beta/auth_tokens/x',
      '/v1beta1/auth_tokens',
      '/ws/google.cloud.aiplatform.v1.LlmBidiService.BidiGenerateContent',
      '/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContentConstrained',
      '/ws/google.cloud.aiplatform.v1alpha.LlmBidiService/BidiGenerateContent',
      '/ws/google.firebase.vertexai.v1beta.LlmBidiService/BidiGenerateContent',
      '/ws/google.firebase.vertexai.v1beta.LlmBidiService/BidiGenerateContent/locations/',
      '/ws/google.firebase.vertexai.v1beta.GenerativeService/BidiGenerateContent/locations/us-central1',
      '/v1beta/models',
    ])
      expect(routeOf(path)).toBeUndefined();
  });

  it('answers for its health at two addresses', () => {
    expect(routeOf('/')).toEqual({ kind: 'health' });
    expect(routeOf('/livegate/health')).toEqual({ kind: 'health' });
  });
});

describe('apiKeyOf and accessTokenOf', () => {
  it('find a credential wherever clients put it', () => {
    expect(apiKeyOf('/x?key=abc', {})).toBe('abc');
    expect(apiKeyOf('/x', { 'x-goog-api-key': 'abc' })).toBe('abc');
    expect(accessTokenOf('/x?access_token=auth_tokens/abc', {})).toBe('auth_tokens/abc');
    expect(accessTokenOf('/x?access_token=auth_tokens%2Fabc', {})).toBe('auth_tokens/abc');
    expect(accessTokenOf('/x', { authorization: 'Token auth_tokens/abc' })).toBe('auth_tokens/abc');
  });

  it('find none in an empty one or in another kind', () => {
    expect(apiKeyOf('/x?key=', {})).toBeUndefined();
    expect(apiKeyOf('/x?access_token=auth_tokens/abc', {})).toBeUndefined();
    expect(accessTokenOf('/x?key=abc', { authorization: 'Bearer abc' })).toBeUndefined();
  });
});
