// A certified OpenID provider for one test. Signs in whoever the header x-person names, without a form.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [client_id, client_secret, redirect_uri] = process.argv.slice(2);
const people = { ada: { preferred_username: 'ada', groups: ['dev'] } };
const server = createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
// Ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume();

let provider;
async function answer(request, response) {
  provider ??= make(`http://127.0.0.1:${server.address().port}`);
  if (!request.url.startsWith('/interaction/')) return provider.callback()(request, response);
  const login = { accountId: request.headers['x-person'] };
  return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
}

function make(issuer) {
  return new Provider(issuer, {
    clients: [{ client_id, client_secret, redirect_uris: [redirect_uri], grant_types: ['authorization_code', 'refresh_token'] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['of this test'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => true,
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
  });
}
