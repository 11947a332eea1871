using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Duo;

/// <summary>An account at Duo. Stored for the Management API; this version does not redirect to Duo.</summary>
internal sealed class DuoFactor : IStoredFactor
{
    public FactorTraits Traits { get; } = new(FactorNames.Duo, "duo", "duo") { Label = _ => "Duo", Rank = 60 };

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) => new(FactorDataJson.Empty);

    public AuthenticatorDetails Describe(Authenticator authenticator) => AuthenticatorDetails.None;

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => false;
}
