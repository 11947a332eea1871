using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Server.Security;

/// <summary>
/// Hashes of secrets that are looked up or compared and never shown again: HMAC-SHA256 under a key of the ring, so
/// that a copy of the database alone lets nobody guess, not even a secret that a person chose.
/// </summary>
internal sealed class SecretHash(KeyRing ring)
{
    /// <summary>See <see cref="OneTimeLinks"/>.</summary>
    public byte[] Link(string kind, string id) => Compute(kind, id);

    public byte[] EnrollmentTransaction(string enrollmentId) => Compute("enrollment-transaction", enrollmentId);

    /// <summary>A code that was sent out, bound to its challenge.</summary>
    public byte[] ChallengeCode(string challengeId, string code) => Compute("challenge-code", challengeId + "\n" + code);

    public byte[] ClientSecret(string secret) => Compute("client", secret);

    /// <summary>Bound to its user: the same code of another user has another hash.</summary>
    public byte[] RecoveryCode(string userId, string code) => Compute("recovery-code", userId + "\n" + code);

    private byte[] Compute(string purpose, string secret) =>
        HMACSHA256.HashData(ring.Current.Digest.Material, Encoding.UTF8.GetBytes(purpose + "\n" + secret));
}
