using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Push;

/// <summary>A phone with the Guardian app. Stored for the Management API; this version sends no notifications.</summary>
internal sealed class PushFactor : IStoredFactor
{
    public FactorTraits Traits { get; } = new(FactorNames.Push, "push", "push")
    {
        Label = texts => texts.FactorPush,
        Rank = 5,
        TicketName = "push-notification",
        EnrollmentMethod = "guardian",
    };

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) => new(FactorDataJson.Empty);

    public AuthenticatorDetails Describe(Authenticator authenticator) => AuthenticatorDetails.None;

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => false;
}
