using System.Security.Cryptography;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Totp;

/// <summary>An authenticator app (RFC 6238).</summary>
internal sealed class TotpFactor(ColumnCipher cipher) : IFactor
{
    /// <summary>160 bits, as RFC 4226 section 4 recommends; 32 characters for who types them.</summary>
    private const int SecretLength = 20;

    public string Name => FactorNames.Otp;

    public string Method => "otp";

    public NewAuthenticator Create(NewAuthenticatorRequest request)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        return new NewAuthenticator(Create(request, secret), Base32.Encode(secret));
    }

    /// <summary>With a secret that the person's app knows already.</summary>
    public Authenticator Create(NewAuthenticatorRequest request, ReadOnlySpan<byte> secret)
    {
        var id = Authenticator.NewId();
        return new Authenticator
        {
            Tenant = request.Tenant,
            Id = id,
            UserId = request.UserId,
            Factor = Name,
            Status = AuthenticatorStatus.Pending,
            TransactionId = request.TransactionId,
            SealedSecret = cipher.Seal(secret, Place(request.Tenant, id)),
            CreatedAt = request.Now,
        };
    }

    public bool HasSecret(Authenticator authenticator, ReadOnlySpan<byte> secret)
    {
        var known = cipher.Open(authenticator.SealedSecret!, Place(authenticator.Tenant, authenticator.Id));
        var isSame = CryptographicOperations.FixedTimeEquals(known, secret);
        CryptographicOperations.ZeroMemory(known);
        return isSame;
    }

    public Acceptance? Accept(Authenticator authenticator, string code, DateTimeOffset now)
    {
        var secret = cipher.Open(authenticator.SealedSecret!, Place(authenticator.Tenant, authenticator.Id));
        var step = Protocols.Otp.Totp.Verify(secret, code, now, authenticator.LastStep, TotpParameters.Default);
        CryptographicOperations.ZeroMemory(secret);
        return step is { } accepted ? new Acceptance(AcceptStep(authenticator, accepted, now)) : null;
    }

    /// <summary>RFC 6238 section 5.2: a step, once accepted, is never accepted again, nor is one before it.</summary>
    private static Statement AcceptStep(Authenticator authenticator, long step, DateTimeOffset now) =>
        new("""
            UPDATE authenticator SET last_step = @step, last_auth_at = @now
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND (last_step IS NULL OR last_step < @step)
            """,
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id),
            ("step", step),
            ("now", now.ToUnixTimeMilliseconds()));

    private static AssociatedData Place(TenantId tenant, string id) => new(tenant, "authenticator", "sealed_secret", id);
}
