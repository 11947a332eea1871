using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Server.Security;

/// <summary>
/// Hashes secrets that are looked up or compared and never shown again: HMAC-SHA256 with a key of the ring, so that a copy of the
/// database alone allows no guessing, not even of a secret that a person chose.
/// </summary>
internal sealed class SecretHash(KeyRing ring)
{
    /// <summary>See <see cref="OneTimeLinks"/>.</summary>
    public byte[] Link(string kind, string id) => Compute(kind, id);

    public byte[] EnrollmentTransaction(string enrollmentId) => Compute("enrollment-transaction", enrollmentId);

    /// <summary>A code that was sent out, bound to its challenge and to the address that it was sent to.</summary>
    public byte[] ChallengeCode(string challengeId, string address, string code) =>
        Compute("challenge-code", $"{challengeId}\n{address}\n{code}");

    /// <summary>The secret in the cookie of a browser that was sent to another service, bound to its challenge.</summary>
    public byte[] RedirectBrowser(string challengeId, string secret) => Compute("redirect-browser", challengeId + "\n" + secret);

    /// <summary>A nonce that was sent to a device, bound to its challenge.</summary>
    public byte[] ChallengeNonce(string challengeId, string nonce) => Compute("challenge-nonce", challengeId + "\n" + nonce);

    /// <summary>The token with which a phone changes or removes itself, bound to its authenticator.</summary>
    public byte[] DeviceToken(string authenticatorId, string token) => Compute("device-token", authenticatorId + "\n" + token);

    public byte[] ClientSecret(string secret) => Compute("client", secret);

    /// <summary>Bound to its user: the same code of another user has another hash.</summary>
    public byte[] RecoveryCode(string userId, string code) => Compute("recovery-code", userId + "\n" + code);

    /// <summary>The text that a person has typed as their user name. It may be a password by mistake.</summary>
    public string Identifier(string connection, string identifier) =>
        Convert.ToHexStringLower(Compute("identifier", connection + "\n" + identifier));

    /// <summary>The reference of a pushed authorization request.</summary>
    public byte[] PushedRequest(string reference) => Compute("pushed-request", reference);

    /// <summary>The secret in the cookie that binds an authorization request to its browser.</summary>
    public byte[] AuthorizationBrowser(string requestId, string secret) => Compute("authorization-browser", requestId + "\n" + secret);

    public byte[] AuthorizationCode(string code) => Compute("authorization-code", code);

    /// <summary>The secret in the cookie of a remembered browser, bound to its user: it is worth nothing for another user.</summary>
    public byte[] RememberedBrowser(string userId, string secret) => Compute("remembered-browser", userId + "\n" + secret);

    /// <summary>Proves that a session on the page of a user's factors was opened in this browser.</summary>
    public byte[] FactorSession(string transactionId) => Compute("factor-session", transactionId);

    /// <summary>The secret in the cookie of the browser that has begun a sign-in.</summary>
    public byte[] SignInBrowser(string secret) => Compute("sign-in-browser", secret);

    /// <summary>The secret in the cookie of an administrator who is signed in.</summary>
    public byte[] AdministratorSession(string secret) => Compute("administrator-session", secret);

    /// <summary>Proves that a form was rendered for the holder of a secret.</summary>
    public byte[] DashboardForm(string secret, string nonce) => Compute("dashboard-form", secret + "\n" + nonce);

    private byte[] Compute(string purpose, string secret) =>
        HMACSHA256.HashData(ring.Current.Digest.Material, Encoding.UTF8.GetBytes(purpose + "\n" + secret));
}

/// <summary>Generates ids and one-time secrets with the system's random number generator.</summary>
internal static class Tokens
{
    private const string AlphaNumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Without 0 and O, 1 and I, because a person copies it by hand.</summary>
    private const string Legible = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private const string LowerHex = "0123456789abcdef";

    /// <summary>About 5.95 bits per character.</summary>
    public static string NewAlphaNumeric(int length) => RandomNumberGenerator.GetString(AlphaNumeric, length);

    /// <summary>Upper-case letters and digits that cannot be mistaken for each other, 5 bits per character.</summary>
    public static string NewLegible(int length) => RandomNumberGenerator.GetString(Legible, length);

    public static string NewHex(int length) => RandomNumberGenerator.GetString(LowerHex, length);
}
