// Generated from openapi.json: npm run generate.
export interface paths {
    "/api/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your own profile
         * @description For everybody who is signed in.
         */
        get: operations["users.me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change your own profile
         * @description For everybody who is signed in.
         */
        patch: operations["users.changeMe"];
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find users
         * @description By page with a total, or by cursor (`?cursor=` for the first page) without one, as fast among millions.
         *
         *     Needs the permission `users:read` (See every user).
         */
        get: operations["users.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many users there are
         * @description Needs the permission `users:read` (See every user).
         */
        get: operations["users.statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user
         * @description Needs the permission `users:read` (See every user).
         */
        get: operations["users.get"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description Their address is free again; their data stay until erased.
         *
         *     Needs the permission `users:manage` (Suspend, restore and delete users).
         */
        delete: operations["users.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a user
         * @description Ends all their sessions at once.
         *
         *     Needs the permission `users:manage` (Suspend, restore and delete users).
         */
        post: operations["users.suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a suspended or deleted user
         * @description Needs the permission `users:manage` (Suspend, restore and delete users).
         */
        post: operations["users.restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List every permission
         * @description Needs the permission `access:read` (See roles, permissions and who holds them).
         */
        get: operations["access.listPermissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List roles and what they grant
         * @description Needs the permission `access:read` (See roles, permissions and who holds them).
         */
        get: operations["access.listRoles"];
        put?: never;
        /**
         * Create a role
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        post: operations["access.createRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/roles/{role}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a role
         * @description Needs the permission `access:read` (See roles, permissions and who holds them).
         */
        get: operations["access.getRole"];
        put?: never;
        post?: never;
        /**
         * Delete a role nobody has
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        delete: operations["access.deleteRole"];
        options?: never;
        head?: never;
        /**
         * Change the title of a role
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        patch: operations["access.changeRole"];
        trace?: never;
    };
    "/api/v1/access/roles/{role}/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set what a role grants
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        put: operations["access.setPermissions"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who has which role
         * @description Needs the permission `access:read` (See roles, permissions and who holds them).
         */
        get: operations["access.listAssignments"];
        put?: never;
        /**
         * Assign a role to a user
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        post: operations["access.assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/assignments/{assignmentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a role away from a user
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        delete: operations["access.unassign"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who was given which permission without a role
         * @description Needs the permission `access:read` (See roles, permissions and who holds them).
         */
        get: operations["access.listGrants"];
        put?: never;
        /**
         * Give a user a permission
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        post: operations["access.grant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/grants/{grantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a permission away from a user
         * @description Needs the permission `access:manage` (Change roles; give and take away roles and permissions).
         */
        delete: operations["access.revokeGrant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why may someone do this, or what would it take?
         * @description Needs the permission `access:explain` (See why someone may or may not do something, and what it would take).
         */
        get: operations["access.explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/v1/evaluation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * May this subject do this? (AuthZEN 1.0)
         * @description For other services, with an API key. A refusal is a reply: `200` with `decision: false`.
         *
         *     Needs the permission `access:evaluate` (Ask for decisions about others (AuthZEN)).
         */
        post: operations["access.evaluate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/v1/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Many questions at once (AuthZEN 1.0)
         * @description At most 200, answered in their order. Keys that a question leaves out are taken from the top. Without `evaluations` it answers one question.
         *
         *     Needs the permission `access:evaluate` (Ask for decisions about others (AuthZEN)).
         */
        post: operations["access.evaluateAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/authzen-configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where decisions are asked for (AuthZEN 1.0)
         * @description Open to everybody.
         */
        get: operations["access.decisionPoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See your own roles and permissions
         * @description For everybody who is signed in.
         */
        get: operations["access.mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for an account
         * @description Mails a link, and who opens it chooses the password. The answer is the same whether the address has an account or not.
         *
         *     Open to everybody.
         *
         *     At most 10 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["auth.register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove the address, choose a password and create the account
         * @description The token of a mailed link is good for one account. A refused password does not use it up.
         *
         *     Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["auth.confirmRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page that a mailed link opens
         * @description Opening it consumes nothing: the token is in the fragment, and the button sends it with the password chosen there.
         *
         *     Open to everybody.
         */
        get: operations["auth.confirmPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Open to everybody.
         *
         *     At most 20 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["auth.signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove your password again
         * @description For operations that want a recent proof (RFC 9470). The session goes on under a new id and new tokens. Who has a second factor must prove that one too.
         *
         *     For everybody who is signed in.
         *
         *     At most 10 requests in 60 seconds.
         *
         *     It may call other systems and take longer.
         */
        post: operations["auth.stepUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New tokens for a refresh token
         * @description A refresh token is good for one use; using an old one again ends the session.
         *
         *     Open to everybody.
         *
         *     At most 120 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["auth.refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this session
         * @description Named by the access token, or by the refresh token when that one has expired.
         *
         *     Open to everybody.
         */
        post: operations["auth.signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your sessions
         * @description For everybody who is signed in.
         */
        get: operations["auth.sessions"];
        put?: never;
        post?: never;
        /**
         * End all your sessions but this one
         * @description For everybody who is signed in.
         */
        delete: operations["auth.endOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions
         * @description For everybody who is signed in.
         */
        delete: operations["auth.endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change your password
         * @description Ends all your sessions; this one goes on under new tokens.
         *
         *     For everybody who is signed in.
         *
         *     At most 10 requests in 60 seconds.
         *
         *     It may call other systems and take longer.
         */
        post: operations["auth.changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keys that access tokens verify with
         * @description Open to everybody.
         */
        get: operations["auth.jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/magic-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a link to sign in with
         * @description The answer is the same for every address, known or not.
         *
         *     Open to everybody.
         *
         *     At most 10 requests in 60 seconds from one network.
         */
        post: operations["passwordless.askMagicLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/magic-link/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a mailed link
         * @description Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["passwordless.redeemMagicLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/magic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page behind a link to sign in with
         * @description Open to everybody.
         */
        get: operations["passwordless.magicPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a code to sign in with
         * @description The answer looks the same for every address, known or not. Its `flow` belongs to whoever asked.
         *
         *     Open to everybody.
         *
         *     At most 10 requests in 60 seconds from one network.
         */
        post: operations["passwordless.askCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email-code/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a mailed code
         * @description Five guesses a code, ten failures an account.
         *
         *     Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["passwordless.redeemCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your factors
         * @description For everybody who is signed in.
         */
        get: operations["mfa.factors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to set up an authenticator app
         * @description Nothing changes before a code confirms it. Beginning again replaces what was begun.
         *
         *     For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["mfa.startTotp"];
        /**
         * Remove the authenticator app
         * @description Recovery codes go with the last second factor.
         *
         *     For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        delete: operations["mfa.removeTotp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the authenticator app with a code
         * @description From now on every sign-in asks for one. Ends your other sessions; this one goes on under a new id and new tokens.
         *
         *     For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         *
         *     It may call other systems and take longer.
         */
        post: operations["mfa.confirmTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New recovery codes, in place of all old ones
         * @description For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["mfa.newRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/challenge/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish signing in with a code
         * @description Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["mfa.passTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/challenge/recovery-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish signing in with a recovery code
         * @description Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["mfa.passRecoveryCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/challenge/totp/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set up an authenticator app where signing in demands one
         * @description Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         */
        post: operations["mfa.enrolTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/challenge/totp/enrol/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm that set-up and finish signing in
         * @description Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["mfa.confirmEnrolTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/step-up/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove the second factor again
         * @description For operations that want a recent proof (RFC 9470). The session goes on under a new id and new tokens.
         *
         *     For everybody who is signed in.
         *
         *     At most 10 requests in 60 seconds.
         *
         *     It may call other systems and take longer.
         */
        post: operations["mfa.stepUpTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which factors someone has
         * @description What kinds, and how many recovery codes are left. Nothing that could stand in for one.
         *
         *     Needs the permission `mfa:read` (See which second factors others have).
         */
        get: operations["mfa.factorsOf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mfa/users/{userId}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove the second factors of someone who lost them
         * @description Ends their sessions and tells them by mail. Prove who they are first: whoever asks for this may not be them.
         *
         *     Needs the permission `mfa:reset` (Remove the second factors of others who lost them).
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["mfa.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your passkeys
         * @description For everybody who is signed in.
         */
        get: operations["passkeys.list"];
        put?: never;
        /**
         * Register a passkey
         * @description It signs in by itself, and stands as a second factor after every other one. Ends your other sessions; this one goes on under a new id.
         *
         *     For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         *
         *     It may call other systems and take longer.
         */
        post: operations["passkeys.register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/passkeys/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to register a passkey
         * @description For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["passkeys.registrationOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/passkeys/{passkeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey
         * @description For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        delete: operations["passkeys.remove"];
        options?: never;
        head?: never;
        /**
         * Call a passkey something else
         * @description For everybody who is signed in.
         */
        patch: operations["passkeys.rename"];
        trace?: never;
    };
    "/api/v1/auth/passkey/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to sign in with a passkey, alone or as the second factor
         * @description Without a `challenge` the authenticator says whose it is; nothing here tells whether an account exists.
         *
         *     Open to everybody.
         *
         *     At most 60 requests in 60 seconds from one network.
         */
        post: operations["passkeys.signInOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a passkey, alone or as the second factor
         * @description Open to everybody.
         *
         *     At most 60 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["passkeys.signIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkey/enrol/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to register a passkey where signing in demands a second factor
         * @description Open to everybody.
         *
         *     At most 60 requests in 60 seconds from one network.
         */
        post: operations["passkeys.enrolOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkey/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register that passkey and finish signing in
         * @description Open to everybody.
         *
         *     At most 60 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["passkeys.enrol"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkey/step-up/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to prove yourself again with a passkey
         * @description For everybody who is signed in.
         */
        post: operations["passkeys.stepUpOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkey/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove yourself again with a passkey
         * @description The session goes on under a new id and new tokens (RFC 9470).
         *
         *     For everybody who is signed in.
         *
         *     It may call other systems and take longer.
         */
        post: operations["passkeys.stepUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oauth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * With whom one can sign in here
         * @description Open to everybody.
         */
        get: operations["oauth.providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oauth/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to sign in with a provider
         * @description Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["oauth.begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oauth/{provider}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in, or link, with what the provider answered
         * @description Creates an account where the provider has verified the address and nobody has it. Links an existing one only if both sides have verified the address.
         *
         *     Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["oauth.complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oauth/{provider}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page that providers send the browser to
         * @description Its script hands the answer to the API and goes on to `returnTo`.
         *
         *     Open to everybody.
         */
        get: operations["oauth.callbackPage"];
        put?: never;
        /**
         * The same for providers that post their answer, as Apple does
         * @description A form from another site brings no cookie along; the page it leads to does.
         *
         *     Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         */
        post: operations["oauth.formPost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oauth/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Accounts elsewhere that yours is linked with
         * @description For everybody who is signed in.
         */
        get: operations["oauth.identities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oauth/identities/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to link an account elsewhere
         * @description For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         *
         *     At most 30 requests in 60 seconds.
         *
         *     It may call other systems and take longer.
         */
        post: operations["oauth.link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oauth/identities/{identityId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unlink an account elsewhere
         * @description For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        delete: operations["oauth.unlink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a link to choose a new password
         * @description The answer is the same for every address, known or not.
         *
         *     Open to everybody.
         *
         *     At most 10 requests in 60 seconds from one network.
         */
        post: operations["account.forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password with a mailed link
         * @description Ends all sessions. Signs nobody in: a second factor stays what it is. A refused password does not use the link up.
         *
         *     Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         *
         *     It may call other systems and take longer.
         */
        post: operations["account.resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page behind the link to choose a new password
         * @description Open to everybody.
         */
        get: operations["account.resetPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a link that proves your address
         * @description For everybody who is signed in.
         *
         *     At most 5 requests in 60 seconds.
         */
        post: operations["account.askVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/verify-email/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove an address with a mailed link
         * @description Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         */
        post: operations["account.verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page behind the link that proves an address
         * @description Open to everybody.
         */
        get: operations["account.verifyPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/change-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another e-mail address
         * @description Mails a link to the new address and tells the old one. Nothing changes before the link is used.
         *
         *     For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         *
         *     At most 5 requests in 60 seconds.
         */
        post: operations["account.changeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/change-email/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove the new address with its mailed link
         * @description From now on the new address signs in. Links that the old one was sent are dead.
         *
         *     Open to everybody.
         *
         *     At most 30 requests in 60 seconds from one network.
         */
        post: operations["account.confirmEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/change-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page behind the link that proves a new address
         * @description Open to everybody.
         */
        get: operations["account.changePage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End all your sessions, this one too
         * @description For everybody who is signed in.
         */
        delete: operations["account.signOutEverywhere"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/users/{userId}/end-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all sessions of someone else
         * @description They can sign in again: to keep them out, suspend them.
         *
         *     Needs the permission `account:end-sessions` (End all sessions of someone else).
         */
        post: operations["account.endSessionsOf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/users/{userId}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sessions of someone else
         * @description Those that go on, the last used first, with device and address.
         *
         *     Needs the permission `account:read-sessions` (See the sessions of someone else).
         */
        get: operations["account.sessionsOf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/users/{userId}/sessions/{sessionId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End one session of someone else
         * @description Needs the permission `account:end-sessions` (End all sessions of someone else).
         */
        post: operations["account.endSessionOf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything kept about you
         * @description For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        get: operations["account.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete your account
         * @description Ends all sessions. Your data are erased after a while; until then an administrator can restore the account.
         *
         *     For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        delete: operations["account.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your API keys
         * @description For everybody who is signed in.
         */
        get: operations["api-keys.list"];
        put?: never;
        /**
         * Create an API key
         * @description It may do what you may and its scopes allow, whichever is less, from now on and whatever you are given or lose later.
         *
         *     For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["api-keys.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a key a new secret
         * @description For everybody who is signed in.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["api-keys.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description It is refused from the next request here, and within a second everywhere.
         *
         *     For everybody who is signed in.
         */
        delete: operations["api-keys.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the key you send is
         * @description Open to everybody.
         */
        get: operations["api-keys.current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Service accounts
         * @description Needs the permission `service-accounts:manage` (Make service accounts and their keys).
         */
        get: operations["service-accounts.list"];
        put?: never;
        /**
         * Create a service account
         * @description It has no role yet: assign one like to any user. It cannot sign in; it has keys.
         *
         *     Needs the permission `service-accounts:manage` (Make service accounts and their keys).
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["service-accounts.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-accounts/{accountId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keys of a service account
         * @description Needs the permission `service-accounts:manage` (Make service accounts and their keys).
         */
        get: operations["service-accounts.keys"];
        put?: never;
        /**
         * Create a key for a service account
         * @description You must hold all that the account holds: whoever has its key can do as much.
         *
         *     Needs the permission `service-accounts:manage` (Make service accounts and their keys).
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["service-accounts.createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-accounts/{accountId}/keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a key of a service account a new secret
         * @description Needs the permission `service-accounts:manage` (Make service accounts and their keys).
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["service-accounts.rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-accounts/{accountId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key of a service account
         * @description Needs the permission `service-accounts:manage` (Make service accounts and their keys).
         */
        delete: operations["service-accounts.revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The organizations that you may see
         * @description Your own; with `organizations:read` everywhere, all.
         *
         *     Needs the permission `organizations:list` (List the organizations that one may see).
         */
        get: operations["organizations.list"];
        put?: never;
        /**
         * Create an organization
         * @description You are its owner.
         *
         *     Needs the permission `organizations:create` (Create organizations).
         */
        post: operations["organizations.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One organization
         * @description Needs the permission `organizations:read` (See an organization and its members).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organizations.get"];
        put?: never;
        post?: never;
        /**
         * Delete an organization
         * @description Its members lose access at once.
         *
         *     Needs the permission `organizations:delete` (Delete an organization).
         *
         *     The permission also counts when it is held in the organization.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        delete: operations["organizations.delete"];
        options?: never;
        head?: never;
        /**
         * Rename an organization
         * @description Needs the permission `organizations:change` (Rename an organization).
         *
         *     The permission also counts when it is held in the organization.
         */
        patch: operations["organizations.rename"];
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make another member the owner
         * @description You stay, as an administrator of it.
         *
         *     Needs the permission `organizations:transfer` (Make someone else the owner of an organization).
         *
         *     The permission also counts when it is held in the organization.
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["organizations.transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave an organization
         * @description For everybody who is signed in.
         */
        post: operations["organizations.leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Members of an organization
         * @description Needs the permission `organizations:read` (See an organization and its members).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organizations.members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the roles of a member
         * @description You must hold, inside the organization, all that their present and their new roles grant.
         *
         *     Needs the permission `organizations:manage-members` (Invite and remove members, change their roles).
         *
         *     The permission also counts when it is held in the organization.
         */
        put: operations["organizations.setRoles"];
        post?: never;
        /**
         * Remove a member
         * @description Needs the permission `organizations:manage-members` (Invite and remove members, change their roles).
         *
         *     The permission also counts when it is held in the organization.
         */
        delete: operations["organizations.remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Pending invitations
         * @description Needs the permission `organizations:manage-members` (Invite and remove members, change their roles).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organizations.invitations"];
        put?: never;
        /**
         * Invite someone by mail
         * @description Once more replaces the invitation before. The link lives seven days and works once, for the owner of this address.
         *
         *     Needs the permission `organizations:manage-members` (Invite and remove members, change their roles).
         *
         *     The permission also counts when it is held in the organization.
         *
         *     At most 100 requests in 3600 seconds.
         */
        post: operations["organizations.invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/invitations/{invitationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description Needs the permission `organizations:manage-members` (Invite and remove members, change their roles).
         *
         *     The permission also counts when it is held in the organization.
         */
        delete: operations["organizations.revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join with the link of an invitation
         * @description For the user whose proved address was invited. The organization and the roles are those of the invitation.
         *
         *     For everybody who is signed in.
         *
         *     At most 30 requests in 60 seconds.
         */
        post: operations["organizations.accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/organizations/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page behind the link of an invitation
         * @description Open to everybody.
         */
        get: operations["organizations.joinPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events that webhooks may be subscribed to
         * @description For everybody who is signed in.
         */
        get: operations["webhooks.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhook endpoints
         * @description Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        get: operations["webhooks.list"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description It gets what is published from now on. Keep its secret: it signs every delivery (Standard Webhooks).
         *
         *     Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        post: operations["webhooks.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One endpoint
         * @description Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        get: operations["webhooks.get"];
        put?: never;
        post?: never;
        /**
         * Delete an endpoint
         * @description With its deliveries, waiting ones too.
         *
         *     Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        delete: operations["webhooks.delete"];
        options?: never;
        head?: never;
        /**
         * Change an endpoint
         * @description Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        patch: operations["webhooks.change"];
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable an endpoint
         * @description Nothing is delivered to it for now. What is waiting is cancelled; replay it later.
         *
         *     Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        post: operations["webhooks.disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable an endpoint
         * @description Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        post: operations["webhooks.enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of an endpoint
         * @description While the old one still counts, deliveries carry both signatures.
         *
         *     Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        post: operations["webhooks.rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test delivery
         * @description An event `webhooks.test`, delivered like any other.
         *
         *     Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        post: operations["webhooks.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was delivered, newest first
         * @description Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        get: operations["webhooks.deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One delivery and its attempts
         * @description Each look at what it says is recorded.
         *
         *     Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        get: operations["webhooks.delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay a delivery
         * @description Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        post: operations["webhooks.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/endpoints/{endpointId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay what was published in a range of time
         * @description What was not delivered in it, what came while the endpoint was disabled included; with `all`, also what was. 1,000 a call at most, maybe none: go on from `next`.
         *
         *     Needs the permission `webhooks:manage` (Manage the webhooks of the server, and see what was delivered).
         */
        post: operations["webhooks.replayRange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search the audit log
         * @description Newest first. Who, what, when, where and why of every change and every refusal. Reading is itself recorded.
         *
         *     Needs the permission `audit:read` (Search the audit log).
         */
        get: operations["audit.search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/events/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one audit entry
         * @description Needs the permission `audit:read` (Search the audit log).
         */
        get: operations["audit.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export audit entries as NDJSON
         * @description Oldest first, everything that the log holds now; what comes while it flows is not in it. The export is itself recorded. One entry a line, as the search shows it.
         *
         *     Needs the permission `audit:export` (Take the audit log away as a file).
         *
         *     At most 5 requests in 60 seconds.
         */
        get: operations["audit.exportNdjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export audit entries as CSV
         * @description Oldest first, everything that the log holds now; what comes while it flows is not in it. The export is itself recorded. A cell that a spreadsheet would take for a formula begins with an apostrophe; for exact values take NDJSON.
         *
         *     Needs the permission `audit:export` (Take the audit log away as a file).
         *
         *     At most 5 requests in 60 seconds.
         */
        get: operations["audit.exportCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/seal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest signed head of the log, and what was archived
         * @description Needs the permission `audit:read` (Search the audit log).
         */
        get: operations["audit.seal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Recompute the audit log and name the first entry that is wrong
         * @description Server-sent events: how far it has come, and at the end the result. The same verifier as `plinth audit verify`, with the anchors of AUDIT_ANCHOR_FILE.
         *
         *     Needs the permission `audit:verify` (Recompute the audit log and say whether it is whole).
         *
         *     At most 10 requests in 60 seconds.
         */
        get: operations["audit.verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign the log with a new key from now on
         * @description The private part of the key before is destroyed; what it signed still verifies.
         *
         *     Needs the permission `audit:manage` (Change the key that signs the audit log).
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         */
        post: operations["audit.rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/audit-keys.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keys that the heads of the audit log verify with (RFC 7517)
         * @description All that ever signed. An auditor keeps a copy: with it and an anchor the log is verified without trusting this server.
         *
         *     Open to everybody.
         */
        get: operations["audit.keys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search the audit log of an organization
         * @description Newest first: what was done inside it, and what was refused. Addresses and programs of people are the server’s own business, and null here. Reading is itself recorded.
         *
         *     Needs the permission `organization-audit:read` (Search the audit log of an organization, and take it away as a file).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organization-audit.search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/audit/export.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the audit entries of an organization as NDJSON
         * @description Needs the permission `organization-audit:read` (Search the audit log of an organization, and take it away as a file).
         *
         *     The permission also counts when it is held in the organization.
         *
         *     At most 5 requests in 60 seconds.
         */
        get: operations["organization-audit.exportNdjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/audit/export.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the audit entries of an organization as CSV
         * @description Needs the permission `organization-audit:read` (Search the audit log of an organization, and take it away as a file).
         *
         *     The permission also counts when it is held in the organization.
         *
         *     At most 5 requests in 60 seconds.
         */
        get: operations["organization-audit.exportCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhook endpoints
         * @description Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organization-webhooks.list"];
        put?: never;
        /**
         * Create a webhook endpoint
         * @description It gets what is published from now on. Keep its secret: it signs every delivery (Standard Webhooks).
         *
         *     Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        post: operations["organization-webhooks.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One endpoint
         * @description Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organization-webhooks.get"];
        put?: never;
        post?: never;
        /**
         * Delete an endpoint
         * @description With its deliveries, waiting ones too.
         *
         *     Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        delete: operations["organization-webhooks.delete"];
        options?: never;
        head?: never;
        /**
         * Change an endpoint
         * @description Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        patch: operations["organization-webhooks.change"];
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable an endpoint
         * @description Nothing is delivered to it for now. What is waiting is cancelled; replay it later.
         *
         *     Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        post: operations["organization-webhooks.disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable an endpoint
         * @description Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        post: operations["organization-webhooks.enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the secret of an endpoint
         * @description While the old one still counts, deliveries carry both signatures.
         *
         *     Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        post: operations["organization-webhooks.rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test delivery
         * @description An event `webhooks.test`, delivered like any other.
         *
         *     Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        post: operations["organization-webhooks.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was delivered, newest first
         * @description Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organization-webhooks.deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One delivery and its attempts
         * @description Each look at what it says is recorded.
         *
         *     Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        get: operations["organization-webhooks.delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay a delivery
         * @description Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        post: operations["organization-webhooks.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/webhooks/endpoints/{endpointId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay what was published in a range of time
         * @description What was not delivered in it, what came while the endpoint was disabled included; with `all`, also what was. 1,000 a call at most, maybe none: go on from `next`.
         *
         *     Needs the permission `organization-webhooks:manage` (Manage the webhooks of an organization, and see what was delivered).
         *
         *     The permission also counts when it is held in the organization.
         */
        post: operations["organization-webhooks.replayRange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/openid-configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where keys and token services are (RFC 8414)
         * @description This server is no OpenID provider: it names no authorization endpoint.
         *
         *     Open to everybody.
         */
        get: operations["tokens.configuration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oauth/introspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Is this access token valid, and whose is it? (RFC 7662)
         * @description For services, with an API key. Says at once when the session ended; the signature alone does not.
         *
         *     Needs the permission `tokens:introspect` (Ask whether a token is valid, and whose it is).
         */
        post: operations["tokens.introspect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oauth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of this token (RFC 7009)
         * @description Takes an access or a refresh token; holding it is all it needs. Answers the same for every token.
         *
         *     Open to everybody.
         *
         *     At most 120 requests in 60 seconds from one network.
         */
        post: operations["tokens.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/impersonation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Act as someone else
         * @description Opens a session of theirs for thirty minutes, beside your own. Every fact and log line of it names both of you; it can change no credentials, and begin no other impersonation. They are told by mail.
         *
         *     Needs the permission `impersonation:start` (Act as someone else, for thirty minutes, with a reason).
         *
         *     You must have proved who you are in the last 10m; neither API keys nor impersonators can.
         *
         *     It may call other systems and take longer.
         */
        post: operations["impersonation.start"];
        /**
         * Stop acting as someone else
         * @description With the token of the impersonated session. Your own goes on.
         *
         *     For everybody who is signed in.
         */
        delete: operations["impersonation.stop"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/realtime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open a WebSocket
         * @description Who connects without a token or cookie sends a token in the first message, within 5 seconds. A cookie counts with an allowed `Origin` only. docs/realtime-protocol.md tells what is said.
         *
         *     Open to everybody.
         */
        get: operations["realtime.connect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/realtime/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow channels as server-sent events
         * @description Needs the permission `realtime:connect` (Open a realtime connection).
         */
        get: operations["realtime.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/realtime/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Kinds of channels that there are
         * @description Needs the permission `realtime:connect` (Open a realtime connection).
         */
        get: operations["realtime.channels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/realtime/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to who follows a channel
         * @description Where the channel lets the caller. It is in no log: who is not there at that moment never sees it.
         *
         *     Needs the permission `realtime:connect` (Open a realtime connection).
         *
         *     At most 600 requests in 60 seconds.
         *
         *     It may call other systems and take longer.
         */
        post: operations["realtime.publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs, newest first
         * @description Those that succeeded are kept for a week, dead letters for a year.
         *
         *     Needs the permission `jobs:read` (See jobs, queues and schedules).
         */
        get: operations["jobs.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{jobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One job
         * @description Its payload and output are shown to those who hold `jobs:read-payloads`, and each such look is recorded.
         *
         *     Needs the permission `jobs:read` (See jobs, queues and schedules).
         */
        get: operations["jobs.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{jobId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a job now
         * @description One that waits, was cancelled, or is a dead letter. A dead letter gets all its attempts again, under its own id.
         *
         *     Needs the permission `jobs:manage` (Retry, cancel and redrive jobs; pause queues).
         */
        post: operations["jobs.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{jobId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description What waits never runs. What runs is told within two seconds, on whichever node; whether it stops is up to it, but its outcome no longer counts.
         *
         *     Needs the permission `jobs:manage` (Retry, cancel and redrive jobs; pause queues).
         */
        post: operations["jobs.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive dead letters
         * @description Gives them all their attempts again, the oldest first, at most 1000 a call, each under its own id.
         *
         *     Needs the permission `jobs:manage` (Retry, cancel and redrive jobs; pause queues).
         */
        post: operations["jobs.redrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Queues and what is in them
         * @description Needs the permission `jobs:read` (See jobs, queues and schedules).
         */
        get: operations["jobs.queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/queues/{job}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a queue
         * @description Within a second no node begins a run of this job. Those that run end; enqueueing and schedules go on.
         *
         *     Needs the permission `jobs:manage` (Retry, cancel and redrive jobs; pause queues).
         */
        post: operations["jobs.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/queues/{job}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused queue
         * @description Needs the permission `jobs:manage` (Retry, cancel and redrive jobs; pause queues).
         */
        post: operations["jobs.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Schedules and their next times
         * @description Needs the permission `jobs:read` (See jobs, queues and schedules).
         */
        get: operations["jobs.schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitoring/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Load of all nodes over time
         * @description Every ten seconds, for an hour. The newest point is the last whole step.
         *
         *     Needs the permission `monitoring:read` (See health, load and nodes).
         */
        get: operations["monitoring.samples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitoring/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Checks, and the nodes that were heard
         * @description Needs the permission `monitoring:read` (See health, load and nodes).
         */
        get: operations["monitoring.health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitoring/mailbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Mails of the development mailbox, newest first
         * @description Only a server without SMTP_URL has one, which is none in production. They are in memory of the node that would have sent them.
         *
         *     Needs the permission `monitoring:read-mails` (See the mails of the development mailbox).
         */
        get: operations["monitoring.mailbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Payments, newest first
         * @description One’s own; with `payments:manage` everybody’s.
         *
         *     Needs the permission `payments:read` (See one’s own payments).
         *
         *     Without `payments:manage` only your own are seen.
         */
        get: operations["payments.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Disputes, newest first
         * @description Needs the permission `payments:manage` (See every payment; capture, cancel and refund them).
         */
        get: operations["payments.disputes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was booked, newest first
         * @description Needs the permission `payments:read-ledger` (See the ledger, balances and reconciliation).
         */
        get: operations["payments.ledger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/ledger/balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sums of the accounts, by currency
         * @description Needs the permission `payments:read-ledger` (See the ledger, balances and reconciliation).
         */
        get: operations["payments.balances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How ledger, payments and the provider compared last
         * @description Needs the permission `payments:read-ledger` (See the ledger, balances and reconciliation).
         */
        get: operations["payments.reconciliation"];
        put?: never;
        /**
         * Compare ledger, payments and the provider’s report now
         * @description Opens a case for each difference that has none, and closes those that are equal now. Each night by itself, for the seven days before.
         *
         *     Needs the permission `payments:reconcile` (Reconcile with providers, and close differences).
         *
         *     At most 10 requests in 60 seconds.
         *
         *     It may call other systems and take longer.
         */
        post: operations["payments.reconcile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Differences that were found, newest first
         * @description Needs the permission `payments:read-ledger` (See the ledger, balances and reconciliation).
         */
        get: operations["payments.cases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/cases/{caseId}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say why a difference is settled
         * @description Found again, it opens a new case.
         *
         *     Needs the permission `payments:reconcile` (Reconcile with providers, and close differences).
         */
        post: operations["payments.closeCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A payment
         * @description Needs the permission `payments:read` (See one’s own payments).
         *
         *     Without `payments:manage` only your own are seen.
         */
        get: operations["payments.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Each step of a payment, and what the provider was asked for
         * @description Needs the permission `payments:read` (See one’s own payments).
         *
         *     Without `payments:manage` only your own are seen.
         */
        get: operations["payments.timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Refunds of a payment
         * @description Needs the permission `payments:read` (See one’s own payments).
         *
         *     Without `payments:manage` only your own are seen.
         */
        get: operations["payments.refunds"];
        put?: never;
        /**
         * Give money back, in part or in full
         * @description Accepted here, done after the answer. All refunds that did not fail are together at most what was captured.
         *
         *     Needs the permission `payments:manage` (See every payment; capture, cancel and refund them).
         */
        post: operations["payments.refund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to pay
         * @description Answers with `checkoutUrl`, or pays at once with a token. 202 where the provider did not answer: it is asked what it did, and never asked to do it twice. Asked again, it answers the payment as it stands.
         *
         *     Needs the permission `payments:start` (Pay one’s own payments).
         *
         *     Without `payments:manage` only your own are seen.
         *
         *     At most 60 requests in 60 seconds.
         *
         *     It may call other systems and take longer.
         */
        post: operations["payments.start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/capture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take what was authorised
         * @description Accepted here, done after the answer: the payment’s state and `payments.captured` tell when.
         *
         *     Needs the permission `payments:manage` (See every payment; capture, cancel and refund them).
         */
        post: operations["payments.capture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let an authorisation go, or end what was not paid yet
         * @description Needs the permission `payments:manage` (See every payment; capture, cancel and refund them).
         */
        post: operations["payments.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/webhooks/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a provider says
         * @description Signed by the provider, judged over the raw bytes; once in effect, however often and in whatever order it comes.
         *
         *     Open to everybody.
         *
         *     It may call other systems and take longer.
         */
        post: operations["payments.webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What led to what: from a request, fact, job, delivery, order or payment
         * @description Requests, facts, jobs and their runs, what providers were asked and said, deliveries, mails: each with the step that led to it. Of an order or a payment, and of a step of one, all requests that it went through. Each kind of step only as far as you may read it in its own place.
         *
         *     Needs the permission `timeline:read` (Follow what led to what, as far as one may read facts, jobs, payments and webhooks).
         *
         *     At most 120 requests in 60 seconds.
         */
        get: operations["timeline.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List products
         * @description By page with a total, or by cursor (`?cursor=` for the first page) without one.
         *
         *     Needs the permission `products:read` (See products).
         */
        get: operations["products.list"];
        put?: never;
        /**
         * Create a product
         * @description Needs the permission `products:write` (Create, change and delete products).
         */
        post: operations["products.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count products by category
         * @description Needs the permission `products:read` (See products).
         */
        get: operations["products.categories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a product
         * @description Cached for a minute and dropped when the product changes; `Cache-Control: no-cache` reads past the cache.
         *
         *     Needs the permission `products:read` (See products).
         */
        get: operations["products.get"];
        put?: never;
        post?: never;
        /**
         * Delete a product
         * @description Needs the permission `products:write` (Create, change and delete products).
         */
        delete: operations["products.delete"];
        options?: never;
        head?: never;
        /**
         * Change a product
         * @description Needs the permission `products:write` (Create, change and delete products).
         */
        patch: operations["products.update"];
        trace?: never;
    };
    "/api/v1/products/{productId}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add or take stock
         * @description Needs the permission `products:write` (Create, change and delete products).
         */
        post: operations["products.changeStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List projects
         * @description Public ones, internal ones for whoever is signed in, and those where you hold `projects:read`.
         *
         *     Needs the permission `projects:browse` (Look for projects that one may see).
         */
        get: operations["projects.list"];
        put?: never;
        /**
         * Create a project
         * @description You are its owner.
         *
         *     Needs the permission `projects:create` (Create projects).
         *
         *     At most 100 requests in 3600 seconds.
         */
        post: operations["projects.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/by-slug/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a project by its slug
         * @description Needs the permission `projects:browse` (Look for projects that one may see).
         */
        get: operations["projects.getBySlug"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{projectId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a project
         * @description Needs the permission `projects:browse` (Look for projects that one may see).
         */
        get: operations["projects.get"];
        put?: never;
        post?: never;
        /**
         * Delete a project
         * @description For good; its slug is free again.
         *
         *     Needs the permission `projects:manage` (Archive, restore and delete a project).
         *
         *     The permission also counts when it is held in the project.
         */
        delete: operations["projects.delete"];
        options?: never;
        head?: never;
        /**
         * Change a project
         * @description Needs the permission `projects:write` (Change a project).
         *
         *     The permission also counts when it is held in the project.
         */
        patch: operations["projects.update"];
        trace?: never;
    };
    "/api/v1/projects/{projectId}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a project
         * @description It stays as it is, and leaves the list. Once more changes nothing.
         *
         *     Needs the permission `projects:manage` (Archive, restore and delete a project).
         *
         *     The permission also counts when it is held in the project.
         */
        post: operations["projects.archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{projectId}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a project out of the archive
         * @description Needs the permission `projects:manage` (Archive, restore and delete a project).
         *
         *     The permission also counts when it is held in the project.
         */
        post: operations["projects.restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{projectId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Members of a project
         * @description Needs the permission `projects:read` (See a project and its members).
         *
         *     The permission also counts when it is held in the project.
         */
        get: operations["projects.members"];
        put?: never;
        /**
         * Add a member
         * @description Someone whose id you know. They are told.
         *
         *     Needs the permission `projects:manage-members` (Add and remove members, change their roles).
         *
         *     The permission also counts when it is held in the project.
         *
         *     At most 60 requests in 3600 seconds.
         */
        post: operations["projects.addMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{projectId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a member another role
         * @description Needs the permission `projects:manage-members` (Add and remove members, change their roles).
         *
         *     The permission also counts when it is held in the project.
         */
        put: operations["projects.setRole"];
        post?: never;
        /**
         * Remove a member
         * @description Needs the permission `projects:manage-members` (Add and remove members, change their roles).
         *
         *     The permission also counts when it is held in the project.
         */
        delete: operations["projects.removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{projectId}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave a project
         * @description For everybody who is signed in.
         */
        post: operations["projects.leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{projectId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite whoever has this address
         * @description Whoever proved the address here is told, and may join for seven days. The answer does not say whether there is anybody.
         *
         *     Needs the permission `projects:manage-members` (Add and remove members, change their roles).
         *
         *     The permission also counts when it is held in the project.
         *
         *     At most 60 requests in 3600 seconds.
         */
        post: operations["projects.invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Projects that you are invited to
         * @description The newest hundred.
         *
         *     For everybody who is signed in.
         */
        get: operations["projects.invitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{projectId}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join a project that you are invited to
         * @description Worth what whoever invited you may still give.
         *
         *     For everybody who is signed in.
         */
        post: operations["projects.join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders, newest first
         * @description One’s own; with `orders:manage` everybody’s. By page with a total, or by cursor (`?cursor=` for the first page) without one.
         *
         *     Needs the permission `orders:read` (See one’s own orders).
         *
         *     Without `orders:manage` only your own are seen.
         */
        get: operations["orders.list"];
        put?: never;
        /**
         * Place an order
         * @description Prices and names are those of the products now; the stock is held until the order is paid, or ends. What lacks stock is named line by line. One person has `ORDERS_UNPAID_AT_MOST` orders unpaid at once. 200 with the order that there is, where the cart was ordered before with the same lines.
         *
         *     Needs the permission `orders:place` (Place orders, and cancel one’s own).
         *
         *     At most 60 requests in 60 seconds.
         */
        post: operations["orders.place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an order
         * @description Needs the permission `orders:read` (See one’s own orders).
         *
         *     Without `orders:manage` only your own are seen.
         */
        get: operations["orders.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orderId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Each step of an order
         * @description Needs the permission `orders:read` (See one’s own orders).
         *
         *     Without `orders:manage` only your own are seen.
         */
        get: operations["orders.timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orderId}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make another payment, where the last one failed
         * @description Until the order expires; its stock stays reserved meanwhile. The order names the new payment.
         *
         *     Needs the permission `orders:place` (Place orders, and cancel one’s own).
         *
         *     Without `orders:manage` only your own are seen.
         */
        post: operations["orders.payAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orderId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order that is not paid
         * @description Lets go of its stock. Once more changes nothing. One that costs nothing: until it is sent.
         *
         *     Needs the permission `orders:place` (Place orders, and cancel one’s own).
         *
         *     Without `orders:manage` only your own are seen.
         */
        post: operations["orders.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{orderId}/fulfil": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that the goods of a paid order are on their way
         * @description Takes them out of the stock. Once more changes nothing. Not while a dispute of its payment is open, or all of it is being refunded.
         *
         *     Needs the permission `orders:manage` (See every order; cancel, fulfil and refund them).
         */
        post: operations["orders.fulfil"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List reports, newest first
         * @description One’s own; with `reports:manage` everybody’s.
         *
         *     Needs the permission `reports:create` (Take along, as a file, what one may see).
         *
         *     Without `reports:manage` only your own are seen.
         */
        get: operations["reports.list"];
        put?: never;
        /**
         * Ask for a report
         * @description Made by a job, from one moment of the data. With `orders:manage` sales are everybody’s, else what one bought. At most 2,000,000 rows; kept for 7 days.
         *
         *     Needs the permission `reports:create` (Take along, as a file, what one may see).
         *
         *     At most 5 requests in 60 seconds.
         */
        post: operations["reports.request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{reportId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a report, and how far it is
         * @description Needs the permission `reports:create` (Take along, as a file, what one may see).
         *
         *     Without `reports:manage` only your own are seen.
         */
        get: operations["reports.get"];
        put?: never;
        post?: never;
        /**
         * Delete a report and its file
         * @description One that waits or runs ends.
         *
         *     Needs the permission `reports:create` (Take along, as a file, what one may see).
         *
         *     Without `reports:manage` only your own are seen.
         */
        delete: operations["reports.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{reportId}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the file of a report
         * @description CSV (RFC 4180) in UTF-8 with a byte order mark. A text that a spreadsheet would take for a formula begins with an apostrophe; amounts are decimals, with their currency beside them. Each download is recorded.
         *
         *     Needs the permission `reports:create` (Take along, as a file, what one may see).
         *
         *     Without `reports:manage` only your own are seen.
         */
        get: operations["reports.download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{reportId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a report that waits or runs
         * @description Once more changes nothing.
         *
         *     Needs the permission `reports:create` (Take along, as a file, what one may see).
         *
         *     Without `reports:manage` only your own are seen.
         */
        post: operations["reports.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Meta: {
            /** Format: date-time */
            timestamp: string;
        };
        Pagination: {
            page: number;
            limit: number;
            total: number;
            totalPages: number;
            hasMore: boolean;
        };
        /** @description Of a list asked for by `cursor`: no total. */
        CursorPagination: {
            limit: number;
            nextCursor: string | null;
            hasMore: boolean;
        };
        /** @description The same as RFC 9457 says it, when `Accept` asks for application/problem+json. */
        Problem: {
            /** Format: uri */
            type: string;
            title: string;
            status: number;
            /** Format: uri */
            instance: string;
            code: string;
            fields?: {
                [key: string]: string;
            };
            requestId: string;
        };
        CategoryCount: {
            category: string;
            products: number;
        };
        NewOrder: {
            /** @description A product that stands on several is summed. Prices are the server’s */
            lines: {
                /** Format: uuid */
                productId: string;
                quantity: number;
            }[];
            /**
             * Format: uuid
             * @description One order a cart: placed again with the same lines, it answers the order that there is. One that ended unpaid frees it
             */
            cartId?: string;
        };
        NewProduct: {
            sku: string;
            name: string;
            /** @default  */
            description?: string;
            category: string;
            price: {
                /** @description Minor units of the currency: cents */
                amount: number;
                /** @description ISO 4217 */
                currency: string;
            };
            /** @default 0 */
            stock?: number;
        };
        NewProject: {
            name: string;
            /** @description Absent: made from the name */
            slug?: string;
            /** @default  */
            description?: string;
            /**
             * @description Who sees it beside its members: `private` nobody, `internal` whoever is signed in, `public` everybody
             * @default private
             * @enum {string}
             */
            visibility?: "private" | "internal" | "public";
        };
        NewReport: {
            /**
             * @description `sales`: lines of paid orders; `inventory`: products with their stock
             * @enum {string}
             */
            kind: "sales" | "inventory";
            /**
             * @default csv
             * @enum {string}
             */
            format?: "csv";
            /**
             * Format: date-time
             * @description Sales: paid at this time or later
             */
            from?: string;
            /**
             * Format: date-time
             * @description Sales: paid before this time
             */
            to?: string;
        };
        Order: {
            /** Format: uuid */
            id: string;
            /** @description What people call it: `K7QM-3XRD` */
            number: string;
            /** Format: uuid */
            userId: string;
            /** @enum {string} */
            state: "awaiting_payment" | "payment_failed" | "paid" | "fulfilled" | "partially_refunded" | "refunded" | "charged_back" | "cancelled" | "expired";
            lines: {
                /** Format: uuid */
                productId: string;
                sku: string;
                name: string;
                /** @description Of one unit, when it was ordered */
                price: {
                    /** @description Minor units of the currency: cents */
                    amount: number;
                    /** @description ISO 4217 */
                    currency: string;
                };
                quantity: number;
            }[];
            total: {
                /** @description Minor units of the currency: cents */
                amount: number;
                /** @description ISO 4217 */
                currency: string;
            };
            /** @description Pay it at `/payments/:paymentId/start`; null: it costs nothing */
            paymentId: string | null;
            /** @description Minor units of the currency that went back */
            refunded: number;
            /** @description Of its payment, open now: meanwhile it is not sent */
            disputes: number;
            /** @description Minor units of the currency that disputes took */
            chargedBack: number;
            version: number;
            placedAt: string;
            /** @description Unpaid until then, it ends and lets go of its stock */
            expiresAt: string;
            paidAt: string | null;
            fulfilledAt: string | null;
            /** @description The bank has the payment at work: meanwhile it does not expire, for 14 days at most */
            processingSince: string | null;
            updatedAt: string;
        };
        Product: {
            /** Format: uuid */
            id: string;
            sku: string;
            name: string;
            description: string;
            category: string;
            price: {
                /** @description Minor units of the currency: cents */
                amount: number;
                /** @description ISO 4217 */
                currency: string;
            };
            stock: number;
            /** @description Units that can be had: `stock` less those that are reserved */
            available: number;
            /** @description Grows with each change; send it back as If-Match */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ProductChanges: {
            sku?: string;
            name?: string;
            description?: string;
            category?: string;
            price?: {
                /** @description Minor units of the currency: cents */
                amount: number;
                /** @description ISO 4217 */
                currency: string;
            };
        };
        Project: {
            /** Format: uuid */
            id: string;
            slug: string;
            name: string;
            description: string;
            /**
             * @description Who sees it beside its members: `private` nobody, `internal` whoever is signed in, `public` everybody
             * @enum {string}
             */
            visibility: "private" | "internal" | "public";
            /** @description Your own role in it; null: you are no member, or have a role that an administrator made */
            role: ("viewer" | "editor" | "owner") | null;
            archivedAt: string | null;
            /** @description Grows with each change; send it back as If-Match */
            version: number;
            createdAt: string;
            updatedAt: string;
        };
        ProjectChanges: {
            name?: string;
            slug?: string;
            description?: string;
            /**
             * @description Who sees it beside its members: `private` nobody, `internal` whoever is signed in, `public` everybody
             * @enum {string}
             */
            visibility?: "private" | "internal" | "public";
        };
        ProjectInvitation: {
            /** Format: uuid */
            projectId: string;
            name: string;
            /**
             * @description `viewer` sees, `editor` changes too, `owner` does everything
             * @enum {string}
             */
            role: "viewer" | "editor" | "owner";
            expiresAt: string;
        };
        ProjectMember: {
            /** Format: uuid */
            userId: string;
            displayName: string;
            /** @description Null: a role that an administrator made */
            role: ("viewer" | "editor" | "owner") | null;
            since: string;
        };
        RealtimePublishBody0: unknown;
        Report: {
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Who asked for it
             */
            userId: string;
            /** @enum {string} */
            kind: "sales" | "inventory";
            /** @enum {string} */
            format: "csv";
            from: string | null;
            to: string | null;
            /**
             * @description Sales of everybody, or those that its owner bought
             * @enum {string}
             */
            rowsOf: "everybody" | "owner";
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "failed" | "cancelled" | "expired";
            /** @description How far it is */
            percent: number;
            rows: number;
            bytes: number;
            failure: {
                code: string;
                message: string;
            } | null;
            createdAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            /** @description When its file goes */
            expiresAt: string | null;
        };
    };
    responses: {
        "ALREADY_ASSIGNED-IDEMPOTENCY_KEY_BUSY": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "ALREADY_ASSIGNED" | "IDEMPOTENCY_KEY_BUSY";
                };
            };
        };
        "ALREADY_GRANTED-IDEMPOTENCY_KEY_BUSY": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "ALREADY_GRANTED" | "IDEMPOTENCY_KEY_BUSY";
                };
            };
        };
        "ALREADY_IN_PROJECT-IDEMPOTENCY_KEY_BUSY": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "ALREADY_IN_PROJECT" | "IDEMPOTENCY_KEY_BUSY";
                };
            };
        };
        "ALREADY_MEMBER-IDEMPOTENCY_KEY_BUSY-SEATS_TAKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "ALREADY_MEMBER" | "IDEMPOTENCY_KEY_BUSY" | "SEATS_TAKEN";
                };
            };
        };
        "ALREADY_MEMBER-IDEMPOTENCY_KEY_BUSY-SEATS_TAKEN-TOO_MANY_INVITATIONS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "ALREADY_MEMBER" | "IDEMPOTENCY_KEY_BUSY" | "SEATS_TAKEN" | "TOO_MANY_INVITATIONS";
                };
            };
        };
        "API_KEY_NOT_FOUND-NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "API_KEY_NOT_FOUND" | "NOT_FOUND";
                };
            };
        };
        "API_KEY_NOT_FOUND-NOT_FOUND-SERVICE_ACCOUNT_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "API_KEY_NOT_FOUND" | "NOT_FOUND" | "SERVICE_ACCOUNT_NOT_FOUND";
                };
            };
        };
        AUDIT_VERIFICATION_RUNS: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "AUDIT_VERIFICATION_RUNS";
                };
            };
        };
        "CAPTURE_TOO_MUCH-CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CAPTURE_TOO_MUCH" | "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT";
                };
            };
        };
        CARD_NUMBER_REFUSED: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED";
                };
            };
        };
        "CARD_NUMBER_REFUSED-CURRENCIES_MIXED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-ORDER_TOO_LARGE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "CURRENCIES_MIXED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "ORDER_TOO_LARGE";
                };
            };
        };
        "CARD_NUMBER_REFUSED-EXPIRES_IN_THE_PAST-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-ROLE_OF_SCOPE-UNKNOWN_ROLE-UNKNOWN_SCOPE-UNKNOWN_USER": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "EXPIRES_IN_THE_PAST" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "ROLE_OF_SCOPE" | "UNKNOWN_ROLE" | "UNKNOWN_SCOPE" | "UNKNOWN_USER";
                };
            };
        };
        "CARD_NUMBER_REFUSED-EXPIRES_IN_THE_PAST-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION-UNKNOWN_SCOPE-UNKNOWN_USER": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "EXPIRES_IN_THE_PAST" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "UNKNOWN_PERMISSION" | "UNKNOWN_SCOPE" | "UNKNOWN_USER";
                };
            };
        };
        "CARD_NUMBER_REFUSED-EXPIRY_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "EXPIRY_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "UNKNOWN_PERMISSION";
                };
            };
        };
        "CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INSECURE_URL-INVALID_INPUT-UNKNOWN_EVENT": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INSECURE_URL" | "INVALID_INPUT" | "UNKNOWN_EVENT";
                };
            };
        };
        "CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT";
                };
            };
        };
        "CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-PASSWORD_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "PASSWORD_REFUSED";
                };
            };
        };
        "CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-PAYMENT_METHOD_NOT_TAKEN-PAYMENT_RETURN_URL_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "PAYMENT_METHOD_NOT_TAKEN" | "PAYMENT_RETURN_URL_REFUSED";
                };
            };
        };
        "CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-REDIRECT_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "REDIRECT_REFUSED";
                };
            };
        };
        "CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "UNKNOWN_PERMISSION";
                };
            };
        };
        "CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_ROLE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "UNKNOWN_ROLE";
                };
            };
        };
        "CARD_NUMBER_REFUSED-INVALID_INPUT": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "INVALID_INPUT";
                };
            };
        };
        "CARD_NUMBER_REFUSED-INVALID_INPUT-UNKNOWN_ACTION": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CARD_NUMBER_REFUSED" | "INVALID_INPUT" | "UNKNOWN_ACTION";
                };
            };
        };
        "CART_CHANGED-IDEMPOTENCY_KEY_BUSY-ORDERS_UNPAID-OUT_OF_STOCK": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CART_CHANGED" | "IDEMPOTENCY_KEY_BUSY" | "ORDERS_UNPAID" | "OUT_OF_STOCK";
                };
            };
        };
        "CODE_REFUSED-INSUFFICIENT_USER_AUTHENTICATION-INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CODE_REFUSED" | "INSUFFICIENT_USER_AUTHENTICATION" | "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "SIGN_IN_REQUIRED";
                };
            };
        };
        "CODE_REFUSED-INVALID_CHALLENGE-INVALID_CREDENTIALS-INVALID_TOKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CODE_REFUSED" | "INVALID_CHALLENGE" | "INVALID_CREDENTIALS" | "INVALID_TOKEN";
                };
            };
        };
        "CODE_REFUSED-INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "CODE_REFUSED" | "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "SIGN_IN_REQUIRED";
                };
            };
        };
        "EMAIL_NOT_VERIFIED-FORBIDDEN-ORIGIN_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "EMAIL_NOT_VERIFIED" | "FORBIDDEN" | "ORIGIN_REFUSED";
                };
            };
        };
        "EMAIL_NOT_VERIFIED-ORIGIN_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "EMAIL_NOT_VERIFIED" | "ORIGIN_REFUSED";
                };
            };
        };
        "EMAIL_TAKEN-IDEMPOTENCY_KEY_BUSY": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "EMAIL_TAKEN" | "IDEMPOTENCY_KEY_BUSY";
                };
            };
        };
        "EMAIL_TAKEN-IDEMPOTENCY_KEY_BUSY-IDENTITY_TAKEN-OAUTH_LINK_NEEDED-REPLAY_WITHHELD-TOO_MANY_IDENTITIES": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "EMAIL_TAKEN" | "IDEMPOTENCY_KEY_BUSY" | "IDENTITY_TAKEN" | "OAUTH_LINK_NEEDED" | "REPLAY_WITHHELD" | "TOO_MANY_IDENTITIES";
                };
            };
        };
        "EMAIL_TAKEN-IDEMPOTENCY_KEY_BUSY-USER_ERASED-USER_NOT_SUSPENDED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "EMAIL_TAKEN" | "IDEMPOTENCY_KEY_BUSY" | "USER_ERASED" | "USER_NOT_SUSPENDED";
                };
            };
        };
        FACTOR_NOT_FOUND: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "FACTOR_NOT_FOUND";
                };
            };
        };
        FORBIDDEN: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "FORBIDDEN";
                };
            };
        };
        "FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "FORBIDDEN" | "GRANT_EXCEEDS_OWN" | "ORIGIN_REFUSED";
                };
            };
        };
        "FORBIDDEN-IMPERSONATION_REFUSED-ORIGIN_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "FORBIDDEN" | "IMPERSONATION_REFUSED" | "ORIGIN_REFUSED";
                };
            };
        };
        "FORBIDDEN-INVITED_ANOTHER-ORIGIN_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "FORBIDDEN" | "INVITED_ANOTHER" | "ORIGIN_REFUSED";
                };
            };
        };
        "FORBIDDEN-ORIGIN_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "FORBIDDEN" | "ORIGIN_REFUSED";
                };
            };
        };
        "FORBIDDEN-ORIGIN_REFUSED-WRONG_PASSWORD": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "FORBIDDEN" | "ORIGIN_REFUSED" | "WRONG_PASSWORD";
                };
            };
        };
        IDEMPOTENCY_KEY_BUSY: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-JOB_CANNOT_BE_RETRIED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "JOB_CANNOT_BE_RETRIED";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-JOB_HAS_ENDED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "JOB_HAS_ENDED";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-LAST_ADMINISTRATOR-LAST_OWNER": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "LAST_ADMINISTRATOR" | "LAST_OWNER";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-LAST_ADMINISTRATOR-LAST_OWNER-USER_ALREADY_DELETED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "LAST_ADMINISTRATOR" | "LAST_OWNER" | "USER_ALREADY_DELETED";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-LAST_ADMINISTRATOR-USER_NOT_ACTIVE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "LAST_ADMINISTRATOR" | "USER_NOT_ACTIVE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-LAST_OWNER": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "LAST_OWNER";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-LAST_WAY_IN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "LAST_WAY_IN";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-NOT_IMPERSONATING": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "NOT_IMPERSONATING";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-ORDER_DISPUTED-ORDER_GOES_BACK-ORDER_STATE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "ORDER_DISPUTED" | "ORDER_GOES_BACK" | "ORDER_STATE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-ORDER_STATE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "ORDER_STATE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-OUT_OF_STOCK-TOO_MUCH_STOCK": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "OUT_OF_STOCK" | "TOO_MUCH_STOCK";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-PASSKEY_TAKEN-REPLAY_WITHHELD-TOO_MANY_PASSKEYS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "PASSKEY_TAKEN" | "REPLAY_WITHHELD" | "TOO_MANY_PASSKEYS";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-PAYMENT_ACTION_UNDER_WAY-PAYMENT_STATE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "PAYMENT_ACTION_UNDER_WAY" | "PAYMENT_STATE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-PAYMENT_CASE_CLOSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "PAYMENT_CASE_CLOSED";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-PAYMENT_ILLEGAL_TRANSITION-PAYMENT_STATE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "PAYMENT_ILLEGAL_TRANSITION" | "PAYMENT_STATE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-PAYMENT_STATE-REFUND_TOO_MUCH": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "PAYMENT_STATE" | "REFUND_TOO_MUCH";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-PRODUCT_RESERVED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "PRODUCT_RESERVED";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-PROJECT_ARCHIVED-SLUG_TAKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "PROJECT_ARCHIVED" | "SLUG_TAKEN";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "REPLAY_WITHHELD";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOO_MANY_API_KEYS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "REPLAY_WITHHELD" | "TOO_MANY_API_KEYS";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOO_MANY_WEBHOOK_ENDPOINTS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "REPLAY_WITHHELD" | "TOO_MANY_WEBHOOK_ENDPOINTS";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_NOT_SET_UP": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "REPLAY_WITHHELD" | "TOTP_NOT_SET_UP";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_NOT_SET_UP-TOTP_SET_UP_BEFORE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "REPLAY_WITHHELD" | "TOTP_NOT_SET_UP" | "TOTP_SET_UP_BEFORE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_SET_UP_BEFORE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "REPLAY_WITHHELD" | "TOTP_SET_UP_BEFORE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-REPORT_ENDED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "REPORT_ENDED";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-ROLE_IN_USE-SYSTEM_ROLE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "ROLE_IN_USE" | "SYSTEM_ROLE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-ROLE_NAME_TAKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "ROLE_NAME_TAKEN";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-SAME_EMAIL": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "SAME_EMAIL";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-SERVICE_ACCOUNT_NAME_TAKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "SERVICE_ACCOUNT_NAME_TAKEN";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-SKU_TAKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "SKU_TAKEN";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-SLUG_TAKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "SLUG_TAKEN";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-SYSTEM_ROLE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "SYSTEM_ROLE";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-TOO_MANY_ORGANIZATIONS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "TOO_MANY_ORGANIZATIONS";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-TOO_MANY_PASSKEYS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "TOO_MANY_PASSKEYS";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-TOO_MANY_REPORTS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "TOO_MANY_REPORTS";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_COOLING_DOWN-WEBHOOK_ENDPOINT_ENABLED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "WEBHOOK_ENDPOINT_COOLING_DOWN" | "WEBHOOK_ENDPOINT_ENABLED";
                };
            };
        };
        "IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_BUSY" | "WEBHOOK_ENDPOINT_DISABLED";
                };
            };
        };
        "IDEMPOTENCY_KEY_REUSED-INVALID_INPUT": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT";
                };
            };
        };
        "IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-WEBHOOK_UNREADABLE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDEMPOTENCY_KEY_REUSED" | "INVALID_INPUT" | "WEBHOOK_UNREADABLE";
                };
            };
        };
        "IDENTITY_NOT_FOUND-NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "IDENTITY_NOT_FOUND" | "NOT_FOUND";
                };
            };
        };
        "INSUFFICIENT_USER_AUTHENTICATION-INVALID_CREDENTIALS-INVALID_TOKEN-PASSKEY_REFUSED-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INSUFFICIENT_USER_AUTHENTICATION" | "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "PASSKEY_REFUSED" | "SIGN_IN_REQUIRED";
                };
            };
        };
        "INSUFFICIENT_USER_AUTHENTICATION-INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INSUFFICIENT_USER_AUTHENTICATION" | "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "SIGN_IN_REQUIRED";
                };
            };
        };
        "INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INSUFFICIENT_USER_AUTHENTICATION" | "INVALID_TOKEN" | "SIGN_IN_REQUIRED";
                };
            };
        };
        INTERNAL_ERROR: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INTERNAL_ERROR";
                };
            };
        };
        "INVALID_CHALLENGE-INVALID_CREDENTIALS-INVALID_TOKEN-PASSKEY_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_CHALLENGE" | "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "PASSKEY_REFUSED";
                };
            };
        };
        "INVALID_CHALLENGE-INVALID_TOKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_CHALLENGE" | "INVALID_TOKEN";
                };
            };
        };
        "INVALID_CREDENTIALS-INVALID_TOKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_CREDENTIALS" | "INVALID_TOKEN";
                };
            };
        };
        "INVALID_CREDENTIALS-INVALID_TOKEN-MAILED_CODE_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "MAILED_CODE_REFUSED";
                };
            };
        };
        "INVALID_CREDENTIALS-INVALID_TOKEN-OAUTH_ANSWER_REFUSED-OAUTH_FLOW_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "OAUTH_ANSWER_REFUSED" | "OAUTH_FLOW_REFUSED";
                };
            };
        };
        "INVALID_CREDENTIALS-INVALID_TOKEN-PASSKEY_REFUSED-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "PASSKEY_REFUSED" | "SIGN_IN_REQUIRED";
                };
            };
        };
        "INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_CREDENTIALS" | "INVALID_TOKEN" | "SIGN_IN_REQUIRED";
                };
            };
        };
        INVALID_INPUT: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_INPUT";
                };
            };
        };
        "INVALID_INVITATION-MALFORMED_REQUEST": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_INVITATION" | "MALFORMED_REQUEST";
                };
            };
        };
        "INVALID_LINK-MALFORMED_REQUEST": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_LINK" | "MALFORMED_REQUEST";
                };
            };
        };
        "INVALID_REFRESH_TOKEN-INVALID_TOKEN": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_REFRESH_TOKEN" | "INVALID_TOKEN";
                };
            };
        };
        INVALID_TOKEN: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_TOKEN";
                };
            };
        };
        "INVALID_TOKEN-NO_API_KEY": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_TOKEN" | "NO_API_KEY";
                };
            };
        };
        "INVALID_TOKEN-SIGN_IN_REQUIRED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_TOKEN" | "SIGN_IN_REQUIRED";
                };
            };
        };
        "INVALID_TOKEN-WEBHOOK_SIGNATURE_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVALID_TOKEN" | "WEBHOOK_SIGNATURE_REFUSED";
                };
            };
        };
        "INVITATION_NOT_FOUND-NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "INVITATION_NOT_FOUND" | "NOT_FOUND";
                };
            };
        };
        "JOB_NOT_FOUND-NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "JOB_NOT_FOUND" | "NOT_FOUND";
                };
            };
        };
        MALFORMED_REQUEST: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "MALFORMED_REQUEST";
                };
            };
        };
        "MEMBER_NOT_FOUND-NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "MEMBER_NOT_FOUND" | "NOT_FOUND";
                };
            };
        };
        NOT_FOUND: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-OAUTH_PROVIDER_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "OAUTH_PROVIDER_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-ORDER_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "ORDER_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-PASSKEY_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "PASSKEY_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-PAYMENT_CASE_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "PAYMENT_CASE_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-PAYMENT_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "PAYMENT_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-PAYMENT_PROVIDER_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "PAYMENT_PROVIDER_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-PERSON_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "PERSON_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-PRODUCT_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "PRODUCT_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-PROJECT_MEMBER_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "PROJECT_MEMBER_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-QUEUE_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "QUEUE_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-REPORT_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "REPORT_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-SERVICE_ACCOUNT_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "SERVICE_ACCOUNT_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-SERVICE_ACCOUNT_NOT_FOUND-USER_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "SERVICE_ACCOUNT_NOT_FOUND" | "USER_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-SESSION_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "SESSION_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-SESSION_NOT_FOUND-USER_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "SESSION_NOT_FOUND" | "USER_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-USER_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "USER_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-WEBHOOK_DELIVERY_NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "WEBHOOK_DELIVERY_NOT_FOUND" | "WEBHOOK_ENDPOINT_NOT_FOUND";
                };
            };
        };
        "NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "NOT_FOUND" | "WEBHOOK_ENDPOINT_NOT_FOUND";
                };
            };
        };
        "OAUTH_ADDRESS_UNPROVED-ORIGIN_REFUSED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "OAUTH_ADDRESS_UNPROVED" | "ORIGIN_REFUSED";
                };
            };
        };
        OAUTH_PROVIDER_FAILED: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "OAUTH_PROVIDER_FAILED";
                };
            };
        };
        ORIGIN_REFUSED: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "ORIGIN_REFUSED";
                };
            };
        };
        PAYLOAD_TOO_LARGE: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "PAYLOAD_TOO_LARGE";
                };
            };
        };
        "PAYMENT_PROVIDER_MISSING-SERVICE_UNAVAILABLE": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "PAYMENT_PROVIDER_MISSING" | "SERVICE_UNAVAILABLE";
                };
            };
        };
        PAYMENT_PROVIDER_SILENT: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "PAYMENT_PROVIDER_SILENT";
                };
            };
        };
        PRECONDITION_FAILED: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "PRECONDITION_FAILED";
                };
            };
        };
        "PRECONDITION_FAILED-PRODUCT_CHANGED": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "PRECONDITION_FAILED" | "PRODUCT_CHANGED";
                };
            };
        };
        PRODUCT_NOT_FOUND: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "PRODUCT_NOT_FOUND";
                };
            };
        };
        QUEUE_NOT_FOUND: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "QUEUE_NOT_FOUND";
                };
            };
        };
        REPORT_GONE: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "REPORT_GONE";
                };
            };
        };
        REPORT_NOT_READY: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "REPORT_NOT_READY";
                };
            };
        };
        REQUEST_TIMEOUT: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "REQUEST_TIMEOUT";
                };
            };
        };
        SERVICE_UNAVAILABLE: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "SERVICE_UNAVAILABLE";
                };
            };
        };
        TIMELINE_NOT_FOUND: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "TIMELINE_NOT_FOUND";
                };
            };
        };
        "TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "TOO_MANY_ATTEMPTS" | "TOO_MANY_REQUESTS";
                };
            };
        };
        TOO_MANY_REQUESTS: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "TOO_MANY_REQUESTS";
                };
            };
        };
        UNSUPPORTED_MEDIA_TYPE: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "UNSUPPORTED_MEDIA_TYPE";
                };
            };
        };
        UPGRADE_REQUIRED: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "UPGRADE_REQUIRED";
                };
            };
        };
        USER_NOT_FOUND: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "USER_NOT_FOUND";
                };
            };
        };
        /** @description No answer, or none of this server. */
        OfTheClient: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code: "UNREACHABLE" | "UNEXPECTED_REPLY";
                };
            };
        };
    };
    parameters: {
        /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
        "Idempotency-Key": string;
        /** @description The `ETag` that you read: 412 when the resource has changed since. */
        "If-Match": string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "users.me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "person" | "service";
                            email: string;
                            displayName: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            locale: string | null;
                            timeZone: string | null;
                            emailVerifiedAt: string | null;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            deletedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["USER_NOT_FOUND"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "users.changeMe": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name that others see */
                    displayName?: string;
                    locale?: string | null;
                    timeZone?: string | null;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "person" | "service";
                            email: string;
                            displayName: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            locale: string | null;
                            timeZone: string | null;
                            emailVerifiedAt: string | null;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            deletedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "users.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                /** @description Part of the address or the name */
                q?: string;
                status?: "active" | "suspended" | "deleted";
                kind?: "person" | "service";
                /** @description Field to sort by; `-` sorts downwards */
                sort?: "createdAt" | "-createdAt" | "email" | "-email" | "displayName" | "-displayName";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "person" | "service";
                            email: string;
                            displayName: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            locale: string | null;
                            timeZone: string | null;
                            emailVerifiedAt: string | null;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            deletedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "users.statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            total: number;
                            byStatus: {
                                active: number;
                                suspended: number;
                                deleted: number;
                            };
                            registered: {
                                lastDay: number;
                                last7Days: number;
                                last30Days: number;
                            };
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "users.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "person" | "service";
                            email: string;
                            displayName: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            locale: string | null;
                            timeZone: string | null;
                            emailVerifiedAt: string | null;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            deletedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "users.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_ADMINISTRATOR-LAST_OWNER-USER_ALREADY_DELETED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "users.suspend": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "person" | "service";
                            email: string;
                            displayName: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            locale: string | null;
                            timeZone: string | null;
                            emailVerifiedAt: string | null;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            deletedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_ADMINISTRATOR-USER_NOT_ACTIVE"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "users.restore": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "person" | "service";
                            email: string;
                            displayName: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            locale: string | null;
                            timeZone: string | null;
                            emailVerifiedAt: string | null;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            deletedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            409: components["responses"]["EMAIL_TAKEN-IDEMPOTENCY_KEY_BUSY-USER_ERASED-USER_NOT_SUSPENDED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.listPermissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            name: string;
                            title: string;
                            /** @description Roles it was first given to */
                            roles: string[];
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.listRoles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            name: string;
                            title: string;
                            system: boolean;
                            /** @description Type of the scopes inside which alone it counts; null: everywhere, and inside any */
                            scopeType: string | null;
                            permissions: string[];
                            version: number;
                            createdAt: string;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.createRole": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of a role */
                    name: string;
                    /** @description What people read */
                    title: string;
                    /** @description Permissions, also by pattern: `orders:read`, `orders:*`, `*` */
                    permissions: string[];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            name: string;
                            title: string;
                            system: boolean;
                            /** @description Type of the scopes inside which alone it counts; null: everywhere, and inside any */
                            scopeType: string | null;
                            permissions: string[];
                            version: number;
                            createdAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-ROLE_NAME_TAKEN"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.getRole": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            name: string;
                            title: string;
                            system: boolean;
                            /** @description Type of the scopes inside which alone it counts; null: everywhere, and inside any */
                            scopeType: string | null;
                            permissions: string[];
                            version: number;
                            createdAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.deleteRole": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                role: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-ROLE_IN_USE-SYSTEM_ROLE"];
            412: components["responses"]["PRECONDITION_FAILED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.changeRole": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                role: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What people read */
                    title: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            name: string;
                            title: string;
                            system: boolean;
                            /** @description Type of the scopes inside which alone it counts; null: everywhere, and inside any */
                            scopeType: string | null;
                            permissions: string[];
                            version: number;
                            createdAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.setPermissions": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                role: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Permissions, also by pattern: `orders:read`, `orders:*`, `*` */
                    permissions: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            name: string;
                            title: string;
                            system: boolean;
                            /** @description Type of the scopes inside which alone it counts; null: everywhere, and inside any */
                            scopeType: string | null;
                            permissions: string[];
                            version: number;
                            createdAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-SYSTEM_ROLE"];
            412: components["responses"]["PRECONDITION_FAILED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.listAssignments": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                userId?: string;
                role?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            userId: string;
                            role: string;
                            /** @description Null: everywhere */
                            scope: {
                                type: string;
                                /** Format: uuid */
                                id: string;
                            } | null;
                            expiresAt: string | null;
                            grantedBy: string | null;
                            reason: string | null;
                            createdAt: string;
                            /** @description What the user is called */
                            userName: string | null;
                            grantedByName: string | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.assign": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    userId: string;
                    /** @description Name of a role */
                    role: string;
                    /** @description Absent: everywhere */
                    scope?: {
                        type: string;
                        /** Format: uuid */
                        id: string;
                    };
                    /**
                     * Format: date-time
                     * @description From this instant it grants nothing
                     */
                    expiresAt?: string;
                    reason?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            userId: string;
                            role: string;
                            /** @description Null: everywhere */
                            scope: {
                                type: string;
                                /** Format: uuid */
                                id: string;
                            } | null;
                            expiresAt: string | null;
                            grantedBy: string | null;
                            reason: string | null;
                            createdAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["ALREADY_ASSIGNED-IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-EXPIRES_IN_THE_PAST-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-ROLE_OF_SCOPE-UNKNOWN_ROLE-UNKNOWN_SCOPE-UNKNOWN_USER"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.unassign": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                assignmentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_ADMINISTRATOR-LAST_OWNER"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.listGrants": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                userId?: string;
                /** @description A permission, or a pattern: `orders:read`, `orders:*` */
                permission?: string;
                scopeType?: string;
                scopeId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            userId: string;
                            permission: string;
                            /** @description Null: everywhere */
                            scope: {
                                type: string;
                                /** Format: uuid */
                                id: string;
                            } | null;
                            expiresAt: string | null;
                            grantedBy: string | null;
                            reason: string | null;
                            createdAt: string;
                            /** @description What the user is called */
                            userName: string | null;
                            grantedByName: string | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.grant": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    userId: string;
                    /** @description A permission, or a pattern: `orders:read`, `orders:*` */
                    permission: string;
                    /** @description Absent: everywhere */
                    scope?: {
                        type: string;
                        /** Format: uuid */
                        id: string;
                    };
                    /**
                     * Format: date-time
                     * @description From this instant it grants nothing
                     */
                    expiresAt?: string;
                    reason?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            userId: string;
                            permission: string;
                            /** @description Null: everywhere */
                            scope: {
                                type: string;
                                /** Format: uuid */
                                id: string;
                            } | null;
                            expiresAt: string | null;
                            grantedBy: string | null;
                            reason: string | null;
                            createdAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["ALREADY_GRANTED-IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-EXPIRES_IN_THE_PAST-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION-UNKNOWN_SCOPE-UNKNOWN_USER"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.revokeGrant": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                grantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.explain": {
        parameters: {
            query: {
                /** @description Whom it is about */
                user: string;
                /** @description A permission (`orders:read`), an operation (`orders.cancel`), or what the type calls it */
                action: string;
                /** @description `order:ID`, `project:ID` */
                resource?: string;
                /** @description As if with an API key of these scopes, separated by commas */
                scopes?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            decisionId: string;
                            /**
                             * @description `depends`: on the row, and no resource was named
                             * @enum {string}
                             */
                            outcome: "allowed" | "refused" | "depends";
                            /** @description The machine reason */
                            reason: string;
                            /** @description Null: it takes no permission */
                            rule: {
                                permission: string;
                                own: string | null;
                                scope: string | null;
                                fresh: string | null;
                            } | null;
                            /** @description What gives it */
                            decidedBy: {
                                /** @enum {string} */
                                by: "guest" | "role" | "grant";
                                /** @description The assignment or the grant */
                                id: string | null;
                                role: string | null;
                                /** @description What is granted of what was asked */
                                permission: string;
                                /** @description The grants that match it */
                                grants: string[];
                                /** @description Null: everywhere */
                                scope: {
                                    type: string;
                                    id: string | null;
                                } | null;
                                expiresAt: string | null;
                            }[];
                            /** @description What does not count */
                            passedOver: {
                                /** @enum {string} */
                                by: "guest" | "role" | "grant";
                                /** @description The assignment or the grant */
                                id: string | null;
                                role: string | null;
                                /** @description What is granted of what was asked */
                                permission: string;
                                /** @description The grants that match it */
                                grants: string[];
                                /** @description Null: everywhere */
                                scope: {
                                    type: string;
                                    id: string | null;
                                } | null;
                                expiresAt: string | null;
                                /** @enum {string} */
                                why: "expired" | "other-scope" | "only-in-scope" | "key-scope";
                            }[];
                            /** @description Ways to be allowed, each with all that it still lacks */
                            needed: {
                                /** @enum {string} */
                                what: "active" | "person" | "permission" | "permission-in-scope" | "ownership" | "key-scope";
                                permission: string | null;
                                scope: {
                                    type: string;
                                    id: string | null;
                                } | null;
                                /** @description Roles that would give it */
                                roles: string[];
                            }[][];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT-UNKNOWN_ACTION"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    subject: {
                        type: string;
                        id: string;
                        properties?: {
                            [key: string]: unknown;
                        };
                    };
                    action: {
                        name: string;
                        properties?: {
                            [key: string]: unknown;
                        };
                    };
                    resource: {
                        type: string;
                        id: string;
                        properties?: {
                            [key: string]: unknown;
                        };
                    };
                    context?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        decision: boolean;
                        context?: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            422: components["responses"]["CARD_NUMBER_REFUSED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.evaluateAll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    subject?: {
                        type: string;
                        id: string;
                        properties?: {
                            [key: string]: unknown;
                        };
                    };
                    action?: {
                        name: string;
                        properties?: {
                            [key: string]: unknown;
                        };
                    };
                    resource?: {
                        type: string;
                        id: string;
                        properties?: {
                            [key: string]: unknown;
                        };
                    };
                    context?: {
                        [key: string]: unknown;
                    };
                    evaluations?: {
                        [key: string]: unknown;
                    }[];
                    options?: {
                        /** @enum {string} */
                        evaluations_semantic?: "execute_all" | "deny_on_first_deny" | "permit_on_first_permit";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        decision?: boolean;
                        context?: {
                            [key: string]: unknown;
                        };
                        evaluations?: {
                            decision: boolean;
                            context?: {
                                [key: string]: unknown;
                            };
                        }[];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            422: components["responses"]["CARD_NUMBER_REFUSED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.decisionPoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        policy_decision_point: string;
                        access_evaluation_endpoint: string;
                        access_evaluations_endpoint: string;
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "access.mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            roles: string[];
                            /** @description Held everywhere */
                            permissions: string[];
                            /** @description Held inside at least one scope of the type */
                            scoped: {
                                type: string;
                                permissions: string[];
                            }[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.register": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                    /** @description Name that others see */
                    displayName: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            message: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.confirmRegistration": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What stands behind `#token=` in the mailed link */
                    token: string;
                    /** @description At least 15 characters of any kind */
                    password: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "person" | "service";
                            email: string;
                            displayName: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            locale: string | null;
                            timeZone: string | null;
                            emailVerifiedAt: string | null;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            deletedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["INVALID_LINK-MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["EMAIL_TAKEN-IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-PASSWORD_REFUSED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.confirmPage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.signIn": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email: string;
                    password: string;
                    /**
                     * @description `cookie`: HttpOnly cookies, and no token in the body
                     * @default body
                     * @enum {string}
                     */
                    delivery?: "body" | "cookie";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CREDENTIALS-INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.stepUp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED-WRONG_PASSWORD"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.refresh": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Absent: taken from the cookie */
                    refreshToken?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_REFRESH_TOKEN-INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.signOut": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Absent: taken from the cookie */
                    refreshToken?: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description The session that asks */
                            current: boolean;
                            factors: string[];
                            /**
                             * @description How surely you were recognised (NIST SP 800-63B-4)
                             * @enum {string}
                             */
                            level: "aal1" | "aal2";
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @description As the User-Agent has it, which anybody can write */
                            device: {
                                label: string;
                                browser: string | null;
                                os: string | null;
                            };
                            /** @description Of the address, as well as GEOIP_DATABASE knows; null without one */
                            place: {
                                city: string | null;
                                /** @description ISO 3166-1 */
                                country: string | null;
                            } | null;
                            address: string | null;
                            userAgent: string | null;
                            /** @description Someone who acts as you in it */
                            impersonatedBy: string | null;
                            createdAt: string;
                            /** @description To the minute */
                            lastUsedAt: string;
                            /** @description Unless refreshed before */
                            expiresAt: string;
                            /** @description Whatever happens */
                            endsAt: string;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.endOtherSessions": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            ended: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.endSession": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-SESSION_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.changePassword": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    currentPassword: string;
                    /** @description At least 15 characters of any kind */
                    newPassword: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED-WRONG_PASSWORD"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-PASSWORD_REFUSED"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "auth.jwks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            kty: string;
                            crv: string;
                            x: string;
                            kid: string;
                            alg: string;
                            use: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passwordless.askMagicLink": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            message: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passwordless.redeemMagicLink": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                    /**
                     * @description `cookie`: HttpOnly cookies, and no token in the body
                     * @default body
                     * @enum {string}
                     */
                    delivery?: "body" | "cookie";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["INVALID_LINK-MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CREDENTIALS-INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passwordless.magicPage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passwordless.askCode": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Goes with the code: it works for nobody else */
                            flow: string;
                            message: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passwordless.redeemCode": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                    flow: string;
                    code: string;
                    /**
                     * @description `cookie`: HttpOnly cookies, and no token in the body
                     * @default body
                     * @enum {string}
                     */
                    delivery?: "body" | "cookie";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CREDENTIALS-INVALID_TOKEN-MAILED_CODE_REFUSED"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            factors: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kind: "totp" | "passkey" | "oauth";
                            }[];
                            recoveryCodesLeft: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.startTotp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Base32, for typing in */
                            secret: string;
                            /** @description `otpauth://totp/…` */
                            uri: string;
                            /** @description The same as a QR code: SVG */
                            qr: string;
                            /** @description Seconds to confirm it */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["EMAIL_NOT_VERIFIED-FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_SET_UP_BEFORE"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.removeTotp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["FACTOR_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_WAY_IN"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.confirmTotp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the authenticator app shows */
                    code: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Shown this once. Each stands in for a lost factor, once. Empty when there were some before */
                            recoveryCodes: string[];
                            session: {
                                /** @constant */
                                status: "signed-in";
                                /** Format: uuid */
                                userId: string;
                                /** Format: uuid */
                                sessionId: string;
                                /**
                                 * @description `cookie`: HttpOnly cookies, and no token in the body
                                 * @enum {string}
                                 */
                                delivery: "body" | "cookie";
                                /** @constant */
                                tokenType: "Bearer";
                                /** @description Absent with cookies */
                                accessToken?: string;
                                /** @description Absent with cookies. Good for one use */
                                refreshToken?: string;
                                /** @description Seconds the access token lives */
                                expiresIn: number;
                            } | {
                                /** @enum {string} */
                                status: "second-factor-required" | "enrolment-required";
                                /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                                challenge: string;
                                /** @description What it can be passed with */
                                factors: string[];
                                /** @description Seconds */
                                expiresIn: number;
                            };
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["CODE_REFUSED-INSUFFICIENT_USER_AUTHENTICATION-INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["EMAIL_NOT_VERIFIED-FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_NOT_SET_UP-TOTP_SET_UP_BEFORE"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.newRecoveryCodes": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            recoveryCodes: string[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["FACTOR_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.passTotp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the answer to the first factor */
                    challenge: string;
                    /** @description What the authenticator app shows */
                    code: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["CODE_REFUSED-INVALID_CHALLENGE-INVALID_CREDENTIALS-INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.passRecoveryCode": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the answer to the first factor */
                    challenge: string;
                    /** @description One of the codes that were shown at set-up */
                    code: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["CODE_REFUSED-INVALID_CHALLENGE-INVALID_CREDENTIALS-INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.enrolTotp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the answer to the first factor */
                    challenge: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Base32, for typing in */
                            secret: string;
                            /** @description `otpauth://totp/…` */
                            uri: string;
                            /** @description The same as a QR code: SVG */
                            qr: string;
                            /** @description Seconds to confirm it */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CHALLENGE-INVALID_TOKEN"];
            403: components["responses"]["EMAIL_NOT_VERIFIED-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_SET_UP_BEFORE"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.confirmEnrolTotp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the answer to the first factor */
                    challenge: string;
                    /** @description What the authenticator app shows */
                    code: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Shown this once. Each stands in for a lost factor, once. Empty when there were some before */
                            recoveryCodes: string[];
                            session: {
                                /** @constant */
                                status: "signed-in";
                                /** Format: uuid */
                                userId: string;
                                /** Format: uuid */
                                sessionId: string;
                                /**
                                 * @description `cookie`: HttpOnly cookies, and no token in the body
                                 * @enum {string}
                                 */
                                delivery: "body" | "cookie";
                                /** @constant */
                                tokenType: "Bearer";
                                /** @description Absent with cookies */
                                accessToken?: string;
                                /** @description Absent with cookies. Good for one use */
                                refreshToken?: string;
                                /** @description Seconds the access token lives */
                                expiresIn: number;
                            } | {
                                /** @enum {string} */
                                status: "second-factor-required" | "enrolment-required";
                                /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                                challenge: string;
                                /** @description What it can be passed with */
                                factors: string[];
                                /** @description Seconds */
                                expiresIn: number;
                            };
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["CODE_REFUSED-INVALID_CHALLENGE-INVALID_CREDENTIALS-INVALID_TOKEN"];
            403: components["responses"]["EMAIL_NOT_VERIFIED-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_NOT_SET_UP-TOTP_SET_UP_BEFORE"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.stepUpTotp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the authenticator app shows */
                    code: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["CODE_REFUSED-INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOTP_NOT_SET_UP"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.factorsOf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            factors: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kind: "totp" | "passkey" | "oauth";
                            }[];
                            recoveryCodesLeft: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "mfa.reset": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_WAY_IN"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description The model of the authenticator */
                            aaguid: string;
                            /** @description Synchronised with your other devices */
                            backedUp: boolean;
                            createdAt: string;
                            lastUsedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.register": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What you call it */
                    label: string;
                    /** @description `credential.toJSON()` */
                    credential: {
                        id: string;
                        rawId: string;
                        /** @constant */
                        type: "public-key";
                        response: {
                            clientDataJSON: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        clientExtensionResults?: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            passkey: {
                                /** Format: uuid */
                                id: string;
                                label: string;
                                /** @description The model of the authenticator */
                                aaguid: string;
                                /** @description Synchronised with your other devices */
                                backedUp: boolean;
                                createdAt: string;
                                lastUsedAt: string | null;
                            };
                            /** @description Shown this once, with the first second factor; else empty */
                            recoveryCodes: string[];
                            session: {
                                /** @constant */
                                status: "signed-in";
                                /** Format: uuid */
                                userId: string;
                                /** Format: uuid */
                                sessionId: string;
                                /**
                                 * @description `cookie`: HttpOnly cookies, and no token in the body
                                 * @enum {string}
                                 */
                                delivery: "body" | "cookie";
                                /** @constant */
                                tokenType: "Bearer";
                                /** @description Absent with cookies */
                                accessToken?: string;
                                /** @description Absent with cookies. Good for one use */
                                refreshToken?: string;
                                /** @description Seconds the access token lives */
                                expiresIn: number;
                            } | {
                                /** @enum {string} */
                                status: "second-factor-required" | "enrolment-required";
                                /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                                challenge: string;
                                /** @description What it can be passed with */
                                factors: string[];
                                /** @description Seconds */
                                expiresIn: number;
                            };
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_CREDENTIALS-INVALID_TOKEN-PASSKEY_REFUSED-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PASSKEY_TAKEN-REPLAY_WITHHELD-TOO_MANY_PASSKEYS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.registrationOptions": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description For `PublicKeyCredential.parse…OptionsFromJSON` */
                        data: {
                            challenge: string;
                        } & {
                            [key: string]: unknown;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["EMAIL_NOT_VERIFIED-FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-TOO_MANY_PASSKEYS"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                passkeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PASSKEY_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_WAY_IN"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.rename": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                passkeyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What you call it */
                    label: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description The model of the authenticator */
                            aaguid: string;
                            /** @description Synchronised with your other devices */
                            backedUp: boolean;
                            createdAt: string;
                            lastUsedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PASSKEY_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.signInOptions": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the answer to the first factor */
                    challenge?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description For `PublicKeyCredential.parse…OptionsFromJSON` */
                        data: {
                            challenge: string;
                        } & {
                            [key: string]: unknown;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CHALLENGE-INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.signIn": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `credential.toJSON()` */
                    credential: {
                        id: string;
                        rawId: string;
                        /** @constant */
                        type: "public-key";
                        response: {
                            clientDataJSON: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        clientExtensionResults?: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                    /** @description From the answer to the first factor */
                    challenge?: string;
                    /**
                     * @description `cookie`: HttpOnly cookies, and no token in the body
                     * @default body
                     * @enum {string}
                     */
                    delivery?: "body" | "cookie";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CHALLENGE-INVALID_CREDENTIALS-INVALID_TOKEN-PASSKEY_REFUSED"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.enrolOptions": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the answer to the first factor */
                    challenge: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description For `PublicKeyCredential.parse…OptionsFromJSON` */
                        data: {
                            challenge: string;
                        } & {
                            [key: string]: unknown;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CHALLENGE-INVALID_TOKEN"];
            403: components["responses"]["EMAIL_NOT_VERIFIED-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-TOO_MANY_PASSKEYS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.enrol": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description From the answer to the first factor */
                    challenge: string;
                    /** @description What you call it */
                    label: string;
                    /** @description `credential.toJSON()` */
                    credential: {
                        id: string;
                        rawId: string;
                        /** @constant */
                        type: "public-key";
                        response: {
                            clientDataJSON: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        clientExtensionResults?: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            passkey: {
                                /** Format: uuid */
                                id: string;
                                label: string;
                                /** @description The model of the authenticator */
                                aaguid: string;
                                /** @description Synchronised with your other devices */
                                backedUp: boolean;
                                createdAt: string;
                                lastUsedAt: string | null;
                            };
                            /** @description Shown this once, with the first second factor; else empty */
                            recoveryCodes: string[];
                            session: {
                                /** @constant */
                                status: "signed-in";
                                /** Format: uuid */
                                userId: string;
                                /** Format: uuid */
                                sessionId: string;
                                /**
                                 * @description `cookie`: HttpOnly cookies, and no token in the body
                                 * @enum {string}
                                 */
                                delivery: "body" | "cookie";
                                /** @constant */
                                tokenType: "Bearer";
                                /** @description Absent with cookies */
                                accessToken?: string;
                                /** @description Absent with cookies. Good for one use */
                                refreshToken?: string;
                                /** @description Seconds the access token lives */
                                expiresIn: number;
                            } | {
                                /** @enum {string} */
                                status: "second-factor-required" | "enrolment-required";
                                /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                                challenge: string;
                                /** @description What it can be passed with */
                                factors: string[];
                                /** @description Seconds */
                                expiresIn: number;
                            };
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CHALLENGE-INVALID_CREDENTIALS-INVALID_TOKEN-PASSKEY_REFUSED"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PASSKEY_TAKEN-REPLAY_WITHHELD-TOO_MANY_PASSKEYS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.stepUpOptions": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description For `PublicKeyCredential.parse…OptionsFromJSON` */
                        data: {
                            challenge: string;
                        } & {
                            [key: string]: unknown;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "passkeys.stepUp": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `credential.toJSON()` */
                    credential: {
                        id: string;
                        rawId: string;
                        /** @constant */
                        type: "public-key";
                        response: {
                            clientDataJSON: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        clientExtensionResults?: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CREDENTIALS-INVALID_TOKEN-PASSKEY_REFUSED-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_ATTEMPTS-TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            id: string;
                            name: string;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.begin": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Where to go afterwards: a path of this server, or a page of an origin in CORS_ORIGINS
                     * @default /
                     */
                    returnTo?: string;
                    /** @description A page of your own that takes the answer itself, from OAUTH_REDIRECT_URIS. Absent: the page of this server */
                    redirectUri?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Send the browser there */
                            url: string;
                            /** @description With `redirectUri`: keep it, it goes with the answer. Else it is in a cookie */
                            flow?: string;
                            /** @description Seconds to come back within */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-OAUTH_PROVIDER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-REDIRECT_REFUSED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            502: components["responses"]["OAUTH_PROVIDER_FAILED"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.complete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    state: string;
                    code?: string;
                    iss?: string;
                    error?: string;
                    /** @description From Apple, the first time: the name */
                    user?: string;
                    /** @description From the beginning; absent: taken from the cookie */
                    flow?: string;
                    /**
                     * @description `cookie`: HttpOnly cookies, and no token in the body
                     * @default body
                     * @enum {string}
                     */
                    delivery?: "body" | "cookie";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                            /** @description Where to go now */
                            returnTo: string;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                            /** @description Where to go now */
                            returnTo: string;
                        } | {
                            /** @constant */
                            status: "linked";
                            /** @description Where to go now */
                            returnTo: string;
                        } | {
                            /** @constant */
                            status: "denied";
                            /** @description Where to go now */
                            returnTo: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_CREDENTIALS-INVALID_TOKEN-OAUTH_ANSWER_REFUSED-OAUTH_FLOW_REFUSED"];
            403: components["responses"]["OAUTH_ADDRESS_UNPROVED-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-OAUTH_PROVIDER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["EMAIL_TAKEN-IDEMPOTENCY_KEY_BUSY-IDENTITY_TAKEN-OAUTH_LINK_NEEDED-REPLAY_WITHHELD-TOO_MANY_IDENTITIES"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            502: components["responses"]["OAUTH_PROVIDER_FAILED"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.callbackPage": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.formPost": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    state: string;
                    code?: string;
                    iss?: string;
                    error?: string;
                    /** @description From Apple, the first time: the name */
                    user?: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            provider: string;
                            /** @description As the provider told it; null where it told none, or what is no address */
                            email: string | null;
                            createdAt: string;
                            lastUsedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.link": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Where to go afterwards: a path of this server, or a page of an origin in CORS_ORIGINS
                     * @default /
                     */
                    returnTo?: string;
                    /** @description A page of your own that takes the answer itself, from OAUTH_REDIRECT_URIS. Absent: the page of this server */
                    redirectUri?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Send the browser there */
                            url: string;
                            /** @description With `redirectUri`: keep it, it goes with the answer. Else it is in a cookie */
                            flow?: string;
                            /** @description Seconds to come back within */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-OAUTH_PROVIDER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-REDIRECT_REFUSED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            502: components["responses"]["OAUTH_PROVIDER_FAILED"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "oauth.unlink": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                identityId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["IDENTITY_NOT_FOUND-NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_WAY_IN"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.forgotPassword": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            message: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.resetPassword": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What stands behind `#token=` in the mailed link */
                    token: string;
                    /** @description At least 15 characters of any kind */
                    password: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["INVALID_LINK-MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-PASSWORD_REFUSED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.resetPage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.askVerification": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            message: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.verifyEmail": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What stands behind `#token=` in the mailed link */
                    token: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["INVALID_LINK-MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.verifyPage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.changeEmail": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            message: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-SAME_EMAIL"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.confirmEmail": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What stands behind `#token=` in the mailed link */
                    token: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["INVALID_LINK-MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["EMAIL_TAKEN-IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.changePage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.signOutEverywhere": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.endSessionsOf": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.sessionsOf": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description The session that asks */
                            current: boolean;
                            factors: string[];
                            /**
                             * @description How surely you were recognised (NIST SP 800-63B-4)
                             * @enum {string}
                             */
                            level: "aal1" | "aal2";
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @description As the User-Agent has it, which anybody can write */
                            device: {
                                label: string;
                                browser: string | null;
                                os: string | null;
                            };
                            /** @description Of the address, as well as GEOIP_DATABASE knows; null without one */
                            place: {
                                city: string | null;
                                /** @description ISO 3166-1 */
                                country: string | null;
                            } | null;
                            address: string | null;
                            userAgent: string | null;
                            /** @description Someone who acts as you in it */
                            impersonatedBy: string | null;
                            createdAt: string;
                            /** @description To the minute */
                            lastUsedAt: string;
                            /** @description Unless refreshed before */
                            expiresAt: string;
                            /** @description Whatever happens */
                            endsAt: string;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-USER_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.endSessionOf": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                userId: string;
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-SESSION_NOT_FOUND-USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        /** @description By feature: what it keeps of you */
                        data: {
                            [key: string]: unknown;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["USER_NOT_FOUND"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "account.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_ADMINISTRATOR-LAST_OWNER"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "api-keys.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description How the key begins, to tell it from others */
                            prefix: string;
                            scopes: string[];
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute */
                            lastUsedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "api-keys.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What you call it */
                    label: string;
                    /** @description Permissions, also by pattern, that you hold yourself: `products:read`, `orders:*` */
                    scopes: string[];
                    /**
                     * Format: date-time
                     * @description Absent: 90 days from now
                     */
                    expiresAt?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description How the key begins, to tell it from others */
                            prefix: string;
                            scopes: string[];
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute */
                            lastUsedAt: string | null;
                            /** @description The whole key: shown this once. Goes in `X-API-Key` */
                            key: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOO_MANY_API_KEYS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-EXPIRY_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "api-keys.rotate": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                keyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How long the old secret still works
                     * @default 0
                     */
                    graceSeconds?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description How the key begins, to tell it from others */
                            prefix: string;
                            scopes: string[];
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute */
                            lastUsedAt: string | null;
                            /** @description The whole key: shown this once. Goes in `X-API-Key` */
                            key: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["API_KEY_NOT_FOUND-NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "api-keys.revoke": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["API_KEY_NOT_FOUND-NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "api-keys.current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description How the key begins, to tell it from others */
                            prefix: string;
                            scopes: string[];
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute */
                            lastUsedAt: string | null;
                            /** Format: uuid */
                            userId: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-NO_API_KEY"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "service-accounts.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /**
                             * Format: uuid
                             * @description A user id: roles are assigned to it, and users are suspended, restored and deleted by it
                             */
                            id: string;
                            name: string;
                            title: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            createdAt: string;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "service-accounts.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Unique among live service accounts */
                    name: string;
                    /** @description Name that others see */
                    title: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /**
                             * Format: uuid
                             * @description A user id: roles are assigned to it, and users are suspended, restored and deleted by it
                             */
                            id: string;
                            name: string;
                            title: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            createdAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-SERVICE_ACCOUNT_NAME_TAKEN"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "service-accounts.keys": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description How the key begins, to tell it from others */
                            prefix: string;
                            scopes: string[];
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute */
                            lastUsedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-SERVICE_ACCOUNT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "service-accounts.createKey": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                accountId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What you call it */
                    label: string;
                    /** @description Permissions, also by pattern, that you hold yourself: `products:read`, `orders:*` */
                    scopes: string[];
                    /**
                     * Format: date-time
                     * @description Absent: 90 days from now
                     */
                    expiresAt?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description How the key begins, to tell it from others */
                            prefix: string;
                            scopes: string[];
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute */
                            lastUsedAt: string | null;
                            /** @description The whole key: shown this once. Goes in `X-API-Key` */
                            key: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-SERVICE_ACCOUNT_NOT_FOUND-USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOO_MANY_API_KEYS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-EXPIRY_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_PERMISSION"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "service-accounts.rotateKey": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                accountId: string;
                keyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How long the old secret still works
                     * @default 0
                     */
                    graceSeconds?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            label: string;
                            /** @description How the key begins, to tell it from others */
                            prefix: string;
                            scopes: string[];
                            createdAt: string;
                            expiresAt: string | null;
                            /** @description To the minute */
                            lastUsedAt: string | null;
                            /** @description The whole key: shown this once. Goes in `X-API-Key` */
                            key: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["API_KEY_NOT_FOUND-NOT_FOUND-SERVICE_ACCOUNT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "service-accounts.revokeKey": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                accountId: string;
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["API_KEY_NOT_FOUND-NOT_FOUND-SERVICE_ACCOUNT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @description Members at most */
                            seats: number;
                            /** @description Your own roles inside it */
                            roles: string[];
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the organization */
                    name: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @description Members at most */
                            seats: number;
                            /** @description Your own roles inside it */
                            roles: string[];
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-TOO_MANY_ORGANIZATIONS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @description Members at most */
                            seats: number;
                            /** @description Your own roles inside it */
                            roles: string[];
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.rename": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the organization */
                    name: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @description Members at most */
                            seats: number;
                            /** @description Your own roles inside it */
                            roles: string[];
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.transfer": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    userId: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["MEMBER_NOT_FOUND-NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_OWNER"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.leave": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_OWNER"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.members": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            userId: string;
                            displayName: string;
                            email: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            roles: string[];
                            /** @description When they got the oldest of these roles */
                            since: string;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.setRoles": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Roles inside the organization, all of them: `organization-owner`, `organization-admin`, `organization-member`, and your own */
                    roles: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            userId: string;
                            displayName: string;
                            email: string;
                            /** @enum {string} */
                            status: "active" | "suspended" | "deleted";
                            roles: string[];
                            /** @description When they got the oldest of these roles */
                            since: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["MEMBER_NOT_FOUND-NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_OWNER"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_ROLE"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.remove": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["MEMBER_NOT_FOUND-NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_OWNER"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.invitations": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            email: string;
                            roles: string[];
                            /** Format: uuid */
                            invitedBy: string;
                            createdAt: string;
                            expiresAt: string;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.invite": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                    /**
                     * @description Roles inside the organization, all of them: `organization-owner`, `organization-admin`, `organization-member`, and your own
                     * @default [
                     *       "organization-member"
                     *     ]
                     */
                    roles?: string[];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            email: string;
                            roles: string[];
                            /** Format: uuid */
                            invitedBy: string;
                            createdAt: string;
                            expiresAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["ALREADY_MEMBER-IDEMPOTENCY_KEY_BUSY-SEATS_TAKEN-TOO_MANY_INVITATIONS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_ROLE"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.revoke": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["INVITATION_NOT_FOUND-NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.accept": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What stands behind `#token=` in the mailed link */
                    token: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @description Members at most */
                            seats: number;
                            /** @description Your own roles inside it */
                            roles: string[];
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["INVALID_INVITATION-MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-INVITED_ANOTHER-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["ALREADY_MEMBER-IDEMPOTENCY_KEY_BUSY-SEATS_TAKEN"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-UNKNOWN_ROLE"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organizations.joinPage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            name: string;
                            title: string;
                            /** @description JSON Schema of `data` */
                            payload: {
                                [key: string]: unknown;
                            };
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @description Where deliveries are posted to: https, on the public internet
                     */
                    url: string;
                    /** @description Names of events, or patterns: `orders.placed`, `orders.*`, `*`. What there is: `GET /webhooks/events` */
                    events: string[];
                    /** @default  */
                    description?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            /** @description Signs its deliveries: shown this once */
                            secret: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOO_MANY_WEBHOOK_ENDPOINTS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INSECURE_URL-INVALID_INPUT-UNKNOWN_EVENT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @description Where deliveries are posted to: https, on the public internet
                     */
                    url?: string;
                    /** @description Names of events, or patterns: `orders.placed`, `orders.*`, `*`. What there is: `GET /webhooks/events` */
                    events?: string[];
                    description?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INSECURE_URL-INVALID_INPUT-UNKNOWN_EVENT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.disable": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.enable": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_COOLING_DOWN-WEBHOOK_ENDPOINT_ENABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.rotateSecret": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default 86400 */
                    graceSeconds?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            /** @description Signs its deliveries: shown this once */
                            secret: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.test": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.deliveries": {
        parameters: {
            query?: {
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                state?: "pending" | "delivered" | "dead" | "cancelled";
            };
            header?: never;
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.delivery": {
        parameters: {
            query?: {
                /** @description `state`: without what it says, so that no look is recorded */
                show?: "whole" | "state";
            };
            header?: never;
            path: {
                endpointId: string;
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                            /** @description The entry of the log that it tells of; null: a test */
                            position: number | null;
                            /** @description What is sent; null: the log has dropped it, or it is `masked` */
                            request: {
                                /** @description Those of every attempt; its time and its signature are its own */
                                headers: {
                                    [key: string]: string;
                                };
                                body: string;
                            } | null;
                            /** @description `request` is not shown: of the server’s own endpoints that takes `webhooks:read-payloads`, or `state` was asked for */
                            masked: boolean;
                            /** @description The last 50 */
                            log: {
                                number: number;
                                at: string;
                                milliseconds: number;
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                                /** @description How the answer began, 1,024 characters at most */
                                response: string | null;
                            }[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_DELIVERY_NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.replay": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                endpointId: string;
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_DELIVERY_NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "webhooks.replayRange": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    from: string;
                    /** Format: date-time */
                    to: string;
                    /** @default false */
                    all?: boolean;
                    after?: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            deliveries: number;
                            /** @description Send as `after`; null: all done */
                            next: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.search": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                /** @description Id of the user who acted */
                actor?: string;
                /** @description Type of what it was done to: `order` */
                subjectType?: string;
                /** @description Id of what it was done to */
                subjectId?: string;
                /** @description Id of the organization in which it was done */
                organization?: string;
                /** @description Name of the event: `orders.placed`, or `orders.*` for all of a feature */
                name?: string;
                outcome?: "success" | "refused" | "failed";
                requestId?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Its gapless place in the log */
                            position: number;
                            id: string;
                            who: {
                                actor: string | null;
                                /** @description Who acted as the actor */
                                impersonator: string | null;
                                session: string | null;
                                /** @description API key */
                                key: string | null;
                                /** @description Job or handler that acted */
                                job: string | null;
                                organization: string | null;
                            };
                            what: {
                                name: string;
                                title: string;
                                subject: {
                                    type: string;
                                    id: string;
                                } | null;
                                payload: unknown;
                                /** @description Fields before and after */
                                changes: {
                                    [key: string]: {
                                        before: unknown;
                                        after: unknown;
                                    };
                                } | null;
                            };
                            when: string;
                            where: {
                                address: string | null;
                                userAgent: string | null;
                                operation: string;
                                requestId: string;
                                traceId: string | null;
                            };
                            why: {
                                /** @enum {string} */
                                outcome: "success" | "refused" | "failed";
                                reason: string | null;
                                decisionId: string | null;
                            };
                            /** @description Personal data of this entry were erased */
                            erased: boolean;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                position: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Its gapless place in the log */
                            position: number;
                            id: string;
                            who: {
                                actor: string | null;
                                /** @description Who acted as the actor */
                                impersonator: string | null;
                                session: string | null;
                                /** @description API key */
                                key: string | null;
                                /** @description Job or handler that acted */
                                job: string | null;
                                organization: string | null;
                            };
                            what: {
                                name: string;
                                title: string;
                                subject: {
                                    type: string;
                                    id: string;
                                } | null;
                                payload: unknown;
                                /** @description Fields before and after */
                                changes: {
                                    [key: string]: {
                                        before: unknown;
                                        after: unknown;
                                    };
                                } | null;
                            };
                            when: string;
                            where: {
                                address: string | null;
                                userAgent: string | null;
                                operation: string;
                                requestId: string;
                                traceId: string | null;
                            };
                            why: {
                                /** @enum {string} */
                                outcome: "success" | "refused" | "failed";
                                reason: string | null;
                                decisionId: string | null;
                            };
                            /** @description Personal data of this entry were erased */
                            erased: boolean;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.exportNdjson": {
        parameters: {
            query?: {
                /** @description Id of the user who acted */
                actor?: string;
                /** @description Type of what it was done to: `order` */
                subjectType?: string;
                /** @description Id of what it was done to */
                subjectId?: string;
                /** @description Id of the organization in which it was done */
                organization?: string;
                /** @description Name of the event: `orders.placed`, or `orders.*` for all of a feature */
                name?: string;
                outcome?: "success" | "refused" | "failed";
                requestId?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.exportCsv": {
        parameters: {
            query?: {
                /** @description Id of the user who acted */
                actor?: string;
                /** @description Type of what it was done to: `order` */
                subjectType?: string;
                /** @description Id of what it was done to */
                subjectId?: string;
                /** @description Id of the organization in which it was done */
                organization?: string;
                /** @description Name of the event: `orders.placed`, or `orders.*` for all of a feature */
                name?: string;
                outcome?: "success" | "refused" | "failed";
                requestId?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.seal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description A line of an anchor file */
                            head: {
                                position: number;
                                /** @description Entries up to there */
                                count: number;
                                /** @description SHA-256, hex */
                                chain: string;
                                /** @description When it was signed, by the clock of the database */
                                at: string;
                                /** @description Thumbprint of the key (RFC 7638) */
                                key: string;
                                /** @description Ed25519 (RFC 8032), base64 */
                                signature: string;
                            } | null;
                            /** @description The newest entry */
                            position: number;
                            /** @description Entries behind the head */
                            unsealed: number;
                            /** @description Entries without a place yet */
                            waiting: number;
                            /** @description Oldest first */
                            archives: {
                                first: number;
                                last: number;
                                /** @description The chain before the first entry, hex */
                                before: string;
                                /** @description The chain at the last entry, hex */
                                chain: string;
                                name: string;
                                bytes: number;
                                /** @description Of the file, hex */
                                sha256: string;
                                /** @description When it was signed, by the clock of the database */
                                at: string;
                                /** @description Thumbprint of the key (RFC 7638) */
                                key: string;
                                /** @description Ed25519 (RFC 8032), base64 */
                                signature: string;
                            }[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.verify": {
        parameters: {
            query?: {
                /** @description First position; default: all */
                from?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            409: components["responses"]["AUDIT_VERIFICATION_RUNS"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.rotateKey": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            kid: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "audit.keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            /** @constant */
                            kty: "OKP";
                            /** @constant */
                            crv: "Ed25519";
                            x: string;
                            kid: string;
                            /** @constant */
                            alg: "EdDSA";
                            /** @constant */
                            use: "sig";
                        }[];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-audit.search": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                /** @description Id of the user who acted */
                actor?: string;
                /** @description Type of what it was done to: `order` */
                subjectType?: string;
                /** @description Id of what it was done to */
                subjectId?: string;
                /** @description Name of the event: `orders.placed`, or `orders.*` for all of a feature */
                name?: string;
                outcome?: "success" | "refused" | "failed";
                requestId?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Its gapless place in the log */
                            position: number;
                            id: string;
                            who: {
                                actor: string | null;
                                /** @description Who acted as the actor */
                                impersonator: string | null;
                                session: string | null;
                                /** @description API key */
                                key: string | null;
                                /** @description Job or handler that acted */
                                job: string | null;
                                organization: string | null;
                            };
                            what: {
                                name: string;
                                title: string;
                                subject: {
                                    type: string;
                                    id: string;
                                } | null;
                                payload: unknown;
                                /** @description Fields before and after */
                                changes: {
                                    [key: string]: {
                                        before: unknown;
                                        after: unknown;
                                    };
                                } | null;
                            };
                            when: string;
                            where: {
                                address: string | null;
                                userAgent: string | null;
                                operation: string;
                                requestId: string;
                                traceId: string | null;
                            };
                            why: {
                                /** @enum {string} */
                                outcome: "success" | "refused" | "failed";
                                reason: string | null;
                                decisionId: string | null;
                            };
                            /** @description Personal data of this entry were erased */
                            erased: boolean;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-audit.exportNdjson": {
        parameters: {
            query?: {
                /** @description Id of the user who acted */
                actor?: string;
                /** @description Type of what it was done to: `order` */
                subjectType?: string;
                /** @description Id of what it was done to */
                subjectId?: string;
                /** @description Name of the event: `orders.placed`, or `orders.*` for all of a feature */
                name?: string;
                outcome?: "success" | "refused" | "failed";
                requestId?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-audit.exportCsv": {
        parameters: {
            query?: {
                /** @description Id of the user who acted */
                actor?: string;
                /** @description Type of what it was done to: `order` */
                subjectType?: string;
                /** @description Id of what it was done to */
                subjectId?: string;
                /** @description Name of the event: `orders.placed`, or `orders.*` for all of a feature */
                name?: string;
                outcome?: "success" | "refused" | "failed";
                requestId?: string;
                /** @description From this time on */
                from?: string;
                /** @description Before this time */
                to?: string;
            };
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @description Where deliveries are posted to: https, on the public internet
                     */
                    url: string;
                    /** @description Names of events, or patterns: `orders.placed`, `orders.*`, `*`. What there is: `GET /webhooks/events` */
                    events: string[];
                    /** @default  */
                    description?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            /** @description Signs its deliveries: shown this once */
                            secret: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD-TOO_MANY_WEBHOOK_ENDPOINTS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INSECURE_URL-INVALID_INPUT-UNKNOWN_EVENT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.change": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @description Where deliveries are posted to: https, on the public internet
                     */
                    url?: string;
                    /** @description Names of events, or patterns: `orders.placed`, `orders.*`, `*`. What there is: `GET /webhooks/events` */
                    events?: string[];
                    description?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INSECURE_URL-INVALID_INPUT-UNKNOWN_EVENT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.disable": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.enable": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_COOLING_DOWN-WEBHOOK_ENDPOINT_ENABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.rotateSecret": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default 86400 */
                    graceSeconds?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            url: string;
                            description: string;
                            events: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410 */
                            disabledBecause: ("owner" | "failing" | "gone") | null;
                            disabledAt: string | null;
                            /** @description Attempts that failed since the last that succeeded */
                            failures: number;
                            version: number;
                            createdAt: string;
                            updatedAt: string;
                            /** @description Signs its deliveries: shown this once */
                            secret: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.test": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.deliveries": {
        parameters: {
            query?: {
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                state?: "pending" | "delivered" | "dead" | "cancelled";
            };
            header?: never;
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.delivery": {
        parameters: {
            query?: {
                /** @description `state`: without what it says, so that no look is recorded */
                show?: "whole" | "state";
            };
            header?: never;
            path: {
                organizationId: string;
                endpointId: string;
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                            /** @description The entry of the log that it tells of; null: a test */
                            position: number | null;
                            /** @description What is sent; null: the log has dropped it, or it is `masked` */
                            request: {
                                /** @description Those of every attempt; its time and its signature are its own */
                                headers: {
                                    [key: string]: string;
                                };
                                body: string;
                            } | null;
                            /** @description `request` is not shown: of the server’s own endpoints that takes `webhooks:read-payloads`, or `state` was asked for */
                            masked: boolean;
                            /** @description The last 50 */
                            log: {
                                number: number;
                                at: string;
                                milliseconds: number;
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                                /** @description How the answer began, 1,024 characters at most */
                                response: string | null;
                            }[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_DELIVERY_NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.replay": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                endpointId: string;
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            event: string;
                            /** @description `webhook-id` of every attempt and replay */
                            messageId: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "dead" | "cancelled";
                            attempts: number;
                            /** @description How the last attempt ended; null: none has yet */
                            last: {
                                /** @description Null: there was no answer */
                                status: number | null;
                                error: string | null;
                            } | null;
                            /** @description Not before this time */
                            nextAt: string | null;
                            createdAt: string;
                            endedAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_DELIVERY_NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "organization-webhooks.replayRange": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                organizationId: string;
                endpointId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    from: string;
                    /** Format: date-time */
                    to: string;
                    /** @default false */
                    all?: boolean;
                    after?: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            deliveries: number;
                            /** @description Send as `after`; null: all done */
                            next: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-WEBHOOK_ENDPOINT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-WEBHOOK_ENDPOINT_DISABLED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "tokens.configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        issuer: string;
                        jwks_uri: string;
                        introspection_endpoint: string;
                        revocation_endpoint: string;
                        response_types_supported: string[];
                        subject_types_supported: string[];
                        id_token_signing_alg_values_supported: string[];
                        service_documentation: string;
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "tokens.introspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @description As long as a request header can be */
                    token: string;
                    /** @description `access_token` or `refresh_token`; not needed */
                    token_type_hint?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        active: boolean;
                        sub?: string;
                        /** @description The session */
                        sid?: string;
                        iss?: string;
                        aud?: string;
                        exp?: number;
                        nbf?: number;
                        /** @constant */
                        token_type?: "Bearer";
                        /** @description Who acts as `sub` (RFC 8693 §4.1) */
                        act?: {
                            sub: string;
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "tokens.revoke": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @description As long as a request header can be */
                    token: string;
                    /** @description `access_token` or `refresh_token`; not needed */
                    token_type_hint?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            403: components["responses"]["ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "impersonation.start": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    userId: string;
                    reason: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @constant */
                            status: "signed-in";
                            /** Format: uuid */
                            userId: string;
                            /** Format: uuid */
                            sessionId: string;
                            /**
                             * @description `cookie`: HttpOnly cookies, and no token in the body
                             * @enum {string}
                             */
                            delivery: "body" | "cookie";
                            /** @constant */
                            tokenType: "Bearer";
                            /** @description Absent with cookies */
                            accessToken?: string;
                            /** @description Absent with cookies. Good for one use */
                            refreshToken?: string;
                            /** @description Seconds the access token lives */
                            expiresIn: number;
                        } | {
                            /** @enum {string} */
                            status: "second-factor-required" | "enrolment-required";
                            /** @description Goes with the second factor, or with its set-up; good once, for ten minutes */
                            challenge: string;
                            /** @description What it can be passed with */
                            factors: string[];
                            /** @description Seconds */
                            expiresIn: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INSUFFICIENT_USER_AUTHENTICATION-INVALID_CREDENTIALS-INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-IMPERSONATION_REFUSED-ORIGIN_REFUSED"];
            404: components["responses"]["USER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPLAY_WITHHELD"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "impersonation.stop": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-NOT_IMPERSONATING"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "realtime.connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN"];
            426: components["responses"]["UPGRADE_REQUIRED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "realtime.events": {
        parameters: {
            query: {
                /** @description Names of channels, separated by commas; 50 at most */
                channels: string;
                /** @description Offset to resume from, where `Last-Event-ID` cannot be sent */
                since?: string;
            };
            header?: {
                /** @description Offset to resume from; browsers send it by themselves */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "realtime.channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Its name; what stands in braces is an id: `project:{projectId}` */
                            channel: string;
                            /** @description The permission that following takes; or `signed-in`, `public` */
                            follow: string;
                            /** @description What sending messages takes; null where nobody may */
                            publish: string | null;
                            /** @description Which id must be that of whoever follows */
                            owner: string | null;
                            /** @description Who follows it sees who else does */
                            presence: boolean;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "realtime.publish": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of a channel: `project:0199…` */
                    channel: string;
                    /** @description At most 4,096 bytes of JSON */
                    data: components["schemas"]["RealtimePublishBody0"];
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                job?: string;
                /** @description `retrying` waits for its next attempt; `failed` has none left and is a dead letter */
                state?: "waiting" | "retrying" | "running" | "completed" | "cancelled" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description Its name, which is that of its queue */
                            job: string;
                            /**
                             * @description `retrying` waits for its next attempt; `failed` has none left and is a dead letter
                             * @enum {string}
                             */
                            state: "waiting" | "retrying" | "running" | "completed" | "cancelled" | "failed";
                            priority: number;
                            /** @description Runs that were begun */
                            attempt: number;
                            /** @description Runs in all that it may have */
                            attempts: number;
                            /** @description One of this key waits at most */
                            key: string | null;
                            /** @description Shares a limit with its group */
                            group: string | null;
                            createdAt: string;
                            /** @description It runs no earlier */
                            runAt: string;
                            startedAt: string | null;
                            finishedAt: string | null;
                            /** @description The request that it follows from */
                            requestId: string | null;
                            /** @description How far it is, while it runs and tells a `percent` as its progress */
                            percent: number | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.get": {
        parameters: {
            query?: {
                /** @description `state`: without payload and output, so that no look is recorded */
                show?: "whole" | "state";
            };
            header?: never;
            path: {
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description Its name, which is that of its queue */
                            job: string;
                            /**
                             * @description `retrying` waits for its next attempt; `failed` has none left and is a dead letter
                             * @enum {string}
                             */
                            state: "waiting" | "retrying" | "running" | "completed" | "cancelled" | "failed";
                            priority: number;
                            /** @description Runs that were begun */
                            attempt: number;
                            /** @description Runs in all that it may have */
                            attempts: number;
                            /** @description One of this key waits at most */
                            key: string | null;
                            /** @description Shares a limit with its group */
                            group: string | null;
                            createdAt: string;
                            /** @description It runs no earlier */
                            runAt: string;
                            startedAt: string | null;
                            finishedAt: string | null;
                            /** @description The request that it follows from */
                            requestId: string | null;
                            /** @description How far it is, while it runs and tells a `percent` as its progress */
                            percent: number | null;
                            /** @description `payload` and `output` are not shown: that takes `jobs:read-payloads`, or `state` was asked for */
                            masked: boolean;
                            payload: unknown;
                            /** @description What the last run left: its output, its error, or its progress while it runs */
                            output: unknown;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["JOB_NOT_FOUND-NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.retry": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["JOB_NOT_FOUND-NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-JOB_CANNOT_BE_RETRIED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.cancel": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                jobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["JOB_NOT_FOUND-NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-JOB_HAS_ENDED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.redrive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    ids: string[];
                } | {
                    /** @description All of one job, at most 1000 a call */
                    job: string;
                } | {
                    /**
                     * @description All of every job, at most 1000 a call
                     * @constant
                     */
                    all: true;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            redriven: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["QUEUE_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            job: string;
                            title: string;
                            paused: boolean;
                            /** @description Could run now */
                            ready: number;
                            /** @description Wait for their time or their next attempt */
                            delayed: number;
                            running: number;
                            /** @description Dead letters */
                            dead: number;
                            /** @description How long the oldest that could run has waited */
                            oldestSeconds: number | null;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.pause": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-QUEUE_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.resume": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-QUEUE_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "jobs.schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            job: string;
                            cron: string;
                            timezone: string;
                            /** @description What it owes for times at which no worker ran: `once`, `each` or `skip` */
                            missed: string;
                            lastAt: string | null;
                            lastJob: string | null;
                            /** @description Its next times */
                            readonly next: string[];
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "monitoring.samples": {
        parameters: {
            query?: {
                /** @description How far back; an hour at most */
                minutes?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description Between two points */
                            stepSeconds: number;
                            /** @description The oldest first; a time in which no node was heard has no requests and no nodes */
                            points: {
                                /** @description When its time ends */
                                at: string;
                                /** @description Nodes that were heard */
                                nodes: number;
                                /** @description Replies a second */
                                requests: number;
                                /** @description Replies with 4xx a second */
                                clientErrors: number;
                                /** @description Replies with 5xx a second */
                                serverErrors: number;
                                /** @description Milliseconds; null where nothing was answered */
                                p50: number | null;
                                /** @description Milliseconds; null where nothing was answered */
                                p95: number | null;
                                /** @description Milliseconds; null where nothing was answered */
                                p99: number | null;
                                connections: number;
                                /** @description Database connections in use */
                                poolUsed: number;
                                /** @description Those that wait for one */
                                poolWaiting: number;
                                /** @description Jobs that could run; null where it was not counted */
                                ready: number | null;
                                /** @description How long the oldest of them has waited */
                                oldestSeconds: number | null;
                                /** @description Dead letters */
                                dead: number | null;
                                /** @description Facts that have no position yet */
                                lagFacts: number | null;
                                /** @description Age of the oldest of them */
                                lagSeconds: number | null;
                            }[];
                            /** @description The twenty that were heard last */
                            nodes: {
                                /** Format: uuid */
                                node: string;
                                name: string;
                                /** @description One for each point; null where the node was not heard */
                                loopDelayMs: (number | null)[];
                                /** @description One for each point; null where the node was not heard */
                                memoryBytes: (number | null)[];
                                /** @description One for each point; null where the node was not heard */
                                connections: (number | null)[];
                            }[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "monitoring.health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @enum {string} */
                            status: "ok" | "failed";
                            /** @description Those of the node that answers, as `/health/ready` asks them */
                            checks: {
                                name: string;
                                /** @enum {string} */
                                status: "ok" | "failed";
                                /** @description What it took */
                                ms: number;
                            }[];
                            /** @description The node that answers */
                            name: string;
                            version: string;
                            environment: string;
                            uptimeSeconds: number;
                            /** @description Realtime connections of all nodes */
                            connections: number;
                            /** @description What they follow */
                            subscriptions: number;
                            /** @description A hundred at most */
                            nodes: {
                                /** Format: uuid */
                                node: string;
                                /** @description Its machine and the id of its process */
                                name: string;
                                /**
                                 * @description `silent`: not heard for 30 seconds; after five minutes it is not listed any more
                                 * @enum {string}
                                 */
                                state: "up" | "silent";
                                roles: string[];
                                version: string;
                                startedAt: string;
                                /** @description When it was last heard */
                                lastAt: string;
                                /** @description Since then */
                                silentSeconds: number;
                                /** @description Replies a second */
                                requests: number;
                                /** @description How late the event loop was, 99th percentile */
                                loopDelayMs: number;
                                memoryBytes: number;
                                heapBytes: number;
                                connections: number;
                                subscriptions: number;
                                poolUsed: number;
                                poolWaiting: number;
                                poolMax: number;
                            }[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "monitoring.mailbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            id: string;
                            at: string;
                            to: string;
                            subject: string;
                            text: string;
                            /** @description Shown alone at `/dev/mailbox/{id}`, where no script of it runs */
                            html: string | null;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                state?: "created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled";
                purposeType?: string;
                /** @description With `purposeType` */
                purposeId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description What is paid for */
                            purpose: {
                                type: string;
                                id: string;
                            };
                            payerId: string | null;
                            description: string;
                            provider: string;
                            /** @description The provider’s id of it; null until it was heard */
                            reference: string | null;
                            /** @description Minor units of the currency */
                            amount: number;
                            currency: string;
                            captured: number;
                            /** @description Refunds that did not fail */
                            refunding: number;
                            /** @description Refunds that succeeded */
                            refunded: number;
                            /** @description Taken back by disputes that are open or lost */
                            disputed: number;
                            /** @enum {string} */
                            capture: "automatic" | "manual";
                            /** @enum {string} */
                            state: "created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled";
                            /** @description The provider’s reason */
                            failure: string | null;
                            /** @description Where the payer goes on, while something is asked of them */
                            checkoutUrl: string | null;
                            createdAt: string;
                            updatedAt: string;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.disputes": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                state?: "open" | "won" | "lost";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            paymentId: string;
                            reference: string;
                            amount: number;
                            fee: number;
                            currency: string;
                            reason: string;
                            /** @enum {string} */
                            state: "open" | "won" | "lost";
                            openedAt: string;
                            closedAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.ledger": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                paymentId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            paymentId: string;
                            kind: string;
                            /** @description The provider’s id of what moved */
                            reference: string;
                            /** @description By the provider’s clock */
                            occurredAt: string;
                            postedAt: string;
                            entries: {
                                /** @enum {string} */
                                account: "customer" | "clearing" | "fees" | "revenue" | "refunds" | "disputes";
                                /** @description Whose account: the payer, the provider */
                                party: string;
                                /** @description Minor units; a debit is more than 0, a credit less */
                                amount: number;
                                currency: string;
                            }[];
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @enum {string} */
                            account: "customer" | "clearing" | "fees" | "revenue" | "refunds" | "disputes";
                            currency: string;
                            balance: number;
                            entries: number;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            latest: {
                                /** Format: uuid */
                                id: string;
                                provider: string;
                                from: string;
                                to: string;
                                /** @description Of the provider’s report */
                                movements: number;
                                /** @description Compared with their entries */
                                payments: number;
                                differences: number;
                                ranAt: string;
                            } | null;
                            openCases: number;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.reconcile": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Default: seven days ago
                     */
                    from?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            provider: string;
                            from: string;
                            to: string;
                            /** @description Of the provider’s report */
                            movements: number;
                            /** @description Compared with their entries */
                            payments: number;
                            differences: number;
                            ranAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            502: components["responses"]["PAYMENT_PROVIDER_SILENT"];
            503: components["responses"]["PAYMENT_PROVIDER_MISSING-SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.cases": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                state?: "open" | "closed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /**
                             * @description `provider-only`: moved there, not booked here; `ledger-only`: the other way; `amount`: both, differently; `ledger`: a payment and its entries differ; `mismatch`: the provider speaks of another amount or currency; `state`: it went where it may not, or money stays that was to go back; `unknown`: the provider has not said for an hour what it did
                             * @enum {string}
                             */
                            kind: "provider-only" | "ledger-only" | "amount" | "ledger" | "mismatch" | "state" | "unknown";
                            subject: string;
                            paymentId: string | null;
                            details: {
                                [key: string]: unknown;
                            };
                            openedAt: string;
                            /** @description When it was found last */
                            seenAt: string;
                            closedAt: string | null;
                            reason: string | null;
                        }[];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.closeCase": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                caseId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /**
                             * @description `provider-only`: moved there, not booked here; `ledger-only`: the other way; `amount`: both, differently; `ledger`: a payment and its entries differ; `mismatch`: the provider speaks of another amount or currency; `state`: it went where it may not, or money stays that was to go back; `unknown`: the provider has not said for an hour what it did
                             * @enum {string}
                             */
                            kind: "provider-only" | "ledger-only" | "amount" | "ledger" | "mismatch" | "state" | "unknown";
                            subject: string;
                            paymentId: string | null;
                            details: {
                                [key: string]: unknown;
                            };
                            openedAt: string;
                            /** @description When it was found last */
                            seenAt: string;
                            closedAt: string | null;
                            reason: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PAYMENT_CASE_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PAYMENT_CASE_CLOSED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description What is paid for */
                            purpose: {
                                type: string;
                                id: string;
                            };
                            payerId: string | null;
                            description: string;
                            provider: string;
                            /** @description The provider’s id of it; null until it was heard */
                            reference: string | null;
                            /** @description Minor units of the currency */
                            amount: number;
                            currency: string;
                            captured: number;
                            /** @description Refunds that did not fail */
                            refunding: number;
                            /** @description Refunds that succeeded */
                            refunded: number;
                            /** @description Taken back by disputes that are open or lost */
                            disputed: number;
                            /** @enum {string} */
                            capture: "automatic" | "manual";
                            /** @enum {string} */
                            state: "created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled";
                            /** @description The provider’s reason */
                            failure: string | null;
                            /** @description Where the payer goes on, while something is asked of them */
                            checkoutUrl: string | null;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-PAYMENT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.timeline": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            transitions: {
                                number: number;
                                from: ("created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled") | null;
                                /** @enum {string} */
                                to: "created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled";
                                reference: string | null;
                                at: string;
                            }[];
                            attempts: {
                                /** Format: uuid */
                                id: string;
                                /** @description `start`, `capture`, `cancel`, `refund:ID` */
                                action: string;
                                /**
                                 * @description `unknown`: the provider did not answer, and is asked what it did
                                 * @enum {string}
                                 */
                                state: "pending" | "calling" | "unknown" | "done" | "refused";
                                /** @description `no_answer`, `not_known_there_yet`, `start_not_known_yet`, or the provider’s word for why not */
                                error: string | null;
                                createdAt: string;
                                settledAt: string | null;
                            }[];
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-PAYMENT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.refunds": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            paymentId: string;
                            reference: string | null;
                            amount: number;
                            reason: string;
                            /** @enum {string} */
                            state: "pending" | "succeeded" | "failed";
                            failure: string | null;
                            createdAt: string;
                            settledAt: string | null;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-PAYMENT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.refund": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Absent: all that is left */
                    amount?: number;
                    reason: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            paymentId: string;
                            reference: string | null;
                            amount: number;
                            reason: string;
                            /** @enum {string} */
                            state: "pending" | "succeeded" | "failed";
                            failure: string | null;
                            createdAt: string;
                            settledAt: string | null;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PAYMENT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PAYMENT_STATE-REFUND_TOO_MUCH"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.start": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A token of a method of payment. Absent: the payer chooses one at `checkoutUrl` */
                    method?: string;
                    /** @description Where the provider’s page sends the payer back to: a path of this server, or a page of an origin of CORS_ORIGINS */
                    returnUrl?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description What is paid for */
                            purpose: {
                                type: string;
                                id: string;
                            };
                            payerId: string | null;
                            description: string;
                            provider: string;
                            /** @description The provider’s id of it; null until it was heard */
                            reference: string | null;
                            /** @description Minor units of the currency */
                            amount: number;
                            currency: string;
                            captured: number;
                            /** @description Refunds that did not fail */
                            refunding: number;
                            /** @description Refunds that succeeded */
                            refunded: number;
                            /** @description Taken back by disputes that are open or lost */
                            disputed: number;
                            /** @enum {string} */
                            capture: "automatic" | "manual";
                            /** @enum {string} */
                            state: "created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled";
                            /** @description The provider’s reason */
                            failure: string | null;
                            /** @description Where the payer goes on, while something is asked of them */
                            checkoutUrl: string | null;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PAYMENT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PAYMENT_ILLEGAL_TRANSITION-PAYMENT_STATE"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-PAYMENT_METHOD_NOT_TAKEN-PAYMENT_RETURN_URL_REFUSED"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["PAYMENT_PROVIDER_MISSING-SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.capture": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Absent: all that was authorised; the rest is let go */
                    amount?: number;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description What is paid for */
                            purpose: {
                                type: string;
                                id: string;
                            };
                            payerId: string | null;
                            description: string;
                            provider: string;
                            /** @description The provider’s id of it; null until it was heard */
                            reference: string | null;
                            /** @description Minor units of the currency */
                            amount: number;
                            currency: string;
                            captured: number;
                            /** @description Refunds that did not fail */
                            refunding: number;
                            /** @description Refunds that succeeded */
                            refunded: number;
                            /** @description Taken back by disputes that are open or lost */
                            disputed: number;
                            /** @enum {string} */
                            capture: "automatic" | "manual";
                            /** @enum {string} */
                            state: "created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled";
                            /** @description The provider’s reason */
                            failure: string | null;
                            /** @description Where the payer goes on, while something is asked of them */
                            checkoutUrl: string | null;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PAYMENT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PAYMENT_ACTION_UNDER_WAY-PAYMENT_STATE"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CAPTURE_TOO_MUCH-CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.cancel": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** Format: uuid */
                            id: string;
                            /** @description What is paid for */
                            purpose: {
                                type: string;
                                id: string;
                            };
                            payerId: string | null;
                            description: string;
                            provider: string;
                            /** @description The provider’s id of it; null until it was heard */
                            reference: string | null;
                            /** @description Minor units of the currency */
                            amount: number;
                            currency: string;
                            captured: number;
                            /** @description Refunds that did not fail */
                            refunding: number;
                            /** @description Refunds that succeeded */
                            refunded: number;
                            /** @description Taken back by disputes that are open or lost */
                            disputed: number;
                            /** @enum {string} */
                            capture: "automatic" | "manual";
                            /** @enum {string} */
                            state: "created" | "requires_action" | "processing" | "authorized" | "captured" | "partially_refunded" | "refunded" | "disputed" | "failed" | "canceled";
                            /** @description The provider’s reason */
                            failure: string | null;
                            /** @description Where the payer goes on, while something is asked of them */
                            checkoutUrl: string | null;
                            createdAt: string;
                            updatedAt: string;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PAYMENT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PAYMENT_ACTION_UNDER_WAY-PAYMENT_STATE"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "payments.webhook": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                provider: string;
            };
            cookie?: never;
        };
        /** @description At most 262144 bytes, exactly as they are. */
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @enum {string} */
                            outcome: "done" | "early" | "duplicate";
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-WEBHOOK_SIGNATURE_REFUSED"];
            403: components["responses"]["ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PAYMENT_PROVIDER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-WEBHOOK_UNREADABLE"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "timeline.get": {
        parameters: {
            query?: {
                /** @description Of whatever it is: a request, an entry of the audit log, a job, a delivery, an order, a payment */
                id?: string;
                /** @description `X-Request-Id` of a reply */
                requestId?: string;
                /** @description Of an entry of the audit log */
                position?: number;
                /** @description Of an entry of the audit log */
                factId?: string;
                jobId?: string;
                /** @description Of a webhook */
                deliveryId?: string;
                /** @description With `subjectId`: `order`, `payment` */
                subjectType?: string;
                subjectId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            /** @description What it begins with: `request`, `fact`, `job`, `delivery`, or the type of a thing */
                            origin: {
                                type: string;
                                id: string;
                            };
                            /** @description Oldest first, and none before its cause */
                            steps: {
                                /** @description Within this timeline */
                                id: string;
                                /**
                                 * @description `attempt`: a run of a job, or a try of a delivery; `provider`: what a provider of payments was asked for, or said; `webhook`: a delivery
                                 * @enum {string}
                                 */
                                kind: "request" | "fact" | "job" | "attempt" | "provider" | "webhook" | "mail";
                                /** @description When it began, ISO-8601 with microseconds */
                                at: string;
                                title: string;
                                /** @description The operation, event, job or mail: `orders.placed` */
                                name: string | null;
                                /** @description Of a fact its outcome, of anything else how it stands: `completed`, `delivered`, `refused` */
                                state: string | null;
                                /** @description A few words more: `POST /orders`, `answered 204` */
                                detail: string | null;
                                /** @description How long it took; null where that is not known, or it goes on */
                                durationMs: number | null;
                                /** @description The step that led to it; null where it began, or you may not see that */
                                cause: string | null;
                                /** @description What it is a step of */
                                reference: {
                                    type: string;
                                    id: string;
                                    /** @description Where this API answers for it: `/jobs/…`; null where it has no such place */
                                    path: string | null;
                                } | null;
                                /** @description What it was done to */
                                subject: {
                                    type: string;
                                    id: string;
                                    /** @description Where this API answers for it: `/jobs/…`; null where it has no such place */
                                    path: string | null;
                                } | null;
                                /** @description It is what was asked for */
                                origin: boolean;
                            }[];
                            /** @description Which kinds of steps you may see, wherever there are some */
                            shows: {
                                facts: boolean;
                                jobs: boolean;
                                payments: boolean;
                                webhooks: boolean;
                            };
                            /** @description There are more than are shown: the oldest are left out */
                            cut: boolean;
                        };
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["TIMELINE_NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "products.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                category?: string;
                /** @description Full-text search over name, SKU, category and description */
                q?: string;
                sort?: "newest" | "name" | "price" | "-price";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Product"][];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "products.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Product"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-SKU_TAKEN"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "products.categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["CategoryCount"][];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "products.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Product"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-PRODUCT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "products.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PRODUCT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PRODUCT_RESERVED"];
            412: components["responses"]["PRECONDITION_FAILED-PRODUCT_CHANGED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "products.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductChanges"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Product"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PRODUCT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-SKU_TAKEN"];
            412: components["responses"]["PRECONDITION_FAILED-PRODUCT_CHANGED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "products.changeStock": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Units added, or taken when negative */
                    delta: number;
                    reason: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Product"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PRODUCT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-OUT_OF_STOCK-TOO_MUCH_STOCK"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                /** @description Full-text search over name, slug and description */
                q?: string;
                /** @description Only those that you are a member of */
                member?: "me";
                state?: "active" | "archived" | "all";
                sort?: "newest" | "updated" | "name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Project"][];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Project"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-SLUG_TAKEN"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.getBySlug": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Project"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Project"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectChanges"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Project"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-PROJECT_ARCHIVED-SLUG_TAKEN"];
            412: components["responses"]["PRECONDITION_FAILED"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.archive": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Project"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.restore": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The `ETag` that you read: 412 when the resource has changed since. */
                "If-Match"?: components["parameters"]["If-Match"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Project"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            412: components["responses"]["PRECONDITION_FAILED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.members": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
            };
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["ProjectMember"][];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.addMember": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uuid */
                    userId: string;
                    /**
                     * @description `viewer` sees, `editor` changes too, `owner` does everything
                     * @default viewer
                     * @enum {string}
                     */
                    role?: "viewer" | "editor" | "owner";
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["ProjectMember"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PERSON_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["ALREADY_IN_PROJECT-IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.setRole": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                projectId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description `viewer` sees, `editor` changes too, `owner` does everything
                     * @enum {string}
                     */
                    role: "viewer" | "editor" | "owner";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["ProjectMember"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PROJECT_MEMBER_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_OWNER"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.removeMember": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                projectId: string;
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-PROJECT_MEMBER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_OWNER"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.leave": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-LAST_OWNER"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.invite": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description E-mail address */
                    email: string;
                    /**
                     * @description `viewer` sees, `editor` changes too, `owner` does everything
                     * @default viewer
                     * @enum {string}
                     */
                    role?: "viewer" | "editor" | "owner";
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-GRANT_EXCEEDS_OWN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["ProjectInvitation"][];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "projects.join": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "orders.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                /** @description Cursor of the previous page; empty for the first. Instead of `page` */
                cursor?: string;
                state?: "awaiting_payment" | "payment_failed" | "paid" | "fulfilled" | "partially_refunded" | "refunded" | "charged_back" | "cancelled" | "expired";
                /** @description Only those with this product in them */
                productId?: string;
                /** @description Only this person’s */
                userId?: string;
                number?: string;
                /** @description Placed at this time or later */
                from?: string;
                /** @description Placed before this time */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Order"][];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"] | components["schemas"]["CursorPagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "orders.place": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Order"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["PRODUCT_NOT_FOUND"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["CART_CHANGED-IDEMPOTENCY_KEY_BUSY-ORDERS_UNPAID-OUT_OF_STOCK"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-CURRENCIES_MIXED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT-ORDER_TOO_LARGE"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["PAYMENT_PROVIDER_MISSING-SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "orders.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Order"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-ORDER_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "orders.timeline": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: {
                            number: number;
                            from: ("awaiting_payment" | "payment_failed" | "paid" | "fulfilled" | "partially_refunded" | "refunded" | "charged_back" | "cancelled" | "expired") | null;
                            /** @enum {string} */
                            to: "awaiting_payment" | "payment_failed" | "paid" | "fulfilled" | "partially_refunded" | "refunded" | "charged_back" | "cancelled" | "expired";
                            at: string;
                        }[];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-ORDER_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "orders.payAgain": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Order"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-ORDER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-ORDER_STATE"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["PAYMENT_PROVIDER_MISSING-SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "orders.cancel": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Order"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-ORDER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-ORDER_STATE"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "orders.fulfil": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Order"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-ORDER_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-ORDER_DISPUTED-ORDER_GOES_BACK-ORDER_STATE"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "reports.list": {
        parameters: {
            query?: {
                /** @description Page number, from 1 */
                page?: number;
                /** @description Items a page */
                limit?: number;
                state?: "waiting" | "running" | "done" | "failed" | "cancelled" | "expired";
                /** @description Only this person’s */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Report"][];
                        meta: components["schemas"]["Meta"] & {
                            pagination: components["schemas"]["Pagination"];
                        };
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND"];
            422: components["responses"]["CARD_NUMBER_REFUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "reports.request": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReport"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Report"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            408: components["responses"]["REQUEST_TIMEOUT"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-TOO_MANY_REPORTS"];
            413: components["responses"]["PAYLOAD_TOO_LARGE"];
            415: components["responses"]["UNSUPPORTED_MEDIA_TYPE"];
            422: components["responses"]["CARD_NUMBER_REFUSED-IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "reports.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Report"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-REPORT_NOT_FOUND"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "reports.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-REPORT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "reports.download": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN"];
            404: components["responses"]["NOT_FOUND-REPORT_NOT_FOUND"];
            409: components["responses"]["REPORT_NOT_READY"];
            410: components["responses"]["REPORT_GONE"];
            422: components["responses"]["INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
    "reports.cancel": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the request safe to repeat: the same key and body answer with the stored reply, and it happens once. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        success: true;
                        data: components["schemas"]["Report"];
                        meta: components["schemas"]["Meta"];
                    };
                };
            };
            400: components["responses"]["MALFORMED_REQUEST"];
            401: components["responses"]["INVALID_TOKEN-SIGN_IN_REQUIRED"];
            403: components["responses"]["FORBIDDEN-ORIGIN_REFUSED"];
            404: components["responses"]["NOT_FOUND-REPORT_NOT_FOUND"];
            409: components["responses"]["IDEMPOTENCY_KEY_BUSY-REPORT_ENDED"];
            422: components["responses"]["IDEMPOTENCY_KEY_REUSED-INVALID_INPUT"];
            429: components["responses"]["TOO_MANY_REQUESTS"];
            500: components["responses"]["INTERNAL_ERROR"];
            503: components["responses"]["SERVICE_UNAVAILABLE"];
            default: components["responses"]["OfTheClient"];
        };
    };
}
