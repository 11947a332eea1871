using Sallyport.Server.Factors;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>The types that callers may write, in the words of this API (<see cref="FactorTraits.MethodType"/>).</summary>
internal static class MethodTypes
{
    public const string Totp = "totp";
    public const string Phone = "phone";
    public const string Email = "email";
    public const string WebAuthnRoaming = "webauthn-roaming";
    public const string Passkey = "passkey";

    public const string Sms = "sms";
    public const string Voice = "voice";
}

/// <summary>Ids of methods: <c>type|dev_…</c> (docs/management-api.md §B.2 and §E.5).</summary>
internal static class MethodIds
{
    public static string Of(Authenticator authenticator, FactorTraits traits) => $"{traits.MethodType}|{authenticator.Id}";

    /// <summary>A pending fallback was shown and not confirmed: its user does not have it.</summary>
    public static bool IsMethod(Authenticator authenticator, FactorTraits traits) =>
        !traits.IsFallback || authenticator.Status == AuthenticatorStatus.Confirmed;

    /// <summary>A phone has a second id, by how it is reached.</summary>
    public static bool Matches(Authenticator authenticator, FactorTraits traits, string id) =>
        IsMethod(authenticator, traits)
        && (id == Of(authenticator, traits)
            || traits.Channels.Any(channel => id == $"{channel}|{authenticator.Id}"));
}
