using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>
/// A kind of proof. A factor knows authenticators and codes; it knows no ticket and no transaction, and no other factor.
/// </summary>
internal interface IFactor
{
    /// <summary>One of <see cref="FactorNames"/>: what the tenant switches on.</summary>
    string Name { get; }

    /// <summary>What the Guardian API calls it: <c>otp</c>, <c>recovery-code</c>.</summary>
    string Method { get; }

    /// <summary>Makes a pending authenticator and the secret that its user is shown once.</summary>
    NewAuthenticator Create(NewAuthenticatorRequest request);

    /// <summary>
    /// Looks at a code, whatever text it is. The caller has counted the attempt before.
    /// </summary>
    /// <returns>How the acceptance is made to happen once, or null where the code is refused.</returns>
    Acceptance? Accept(Authenticator authenticator, string code, DateTimeOffset now);
}

/// <param name="TransactionId">The enrollment that asks for it; null where an administrator does.</param>
internal sealed record NewAuthenticatorRequest(TenantId Tenant, string UserId, string? TransactionId, DateTimeOffset Now);

/// <param name="Secret">In clear: shown to its user, never stored.</param>
internal sealed record NewAuthenticator(Authenticator Authenticator, string Secret)
{
    public override string ToString() => $"{Authenticator.Factor} ***";
}

/// <param name="Once">
/// Changes exactly one row for the first who comes with this code, and none for anybody after.
/// </param>
/// <param name="Replacement">The secret that takes the place of a used-up one, in clear.</param>
internal sealed record Acceptance(Statement Once, string? Replacement = null)
{
    public override string ToString() => "***";
}
