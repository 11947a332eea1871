using Sallyport.Server.Factors;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>The words of this API for factors, and its ids: <c>type|dev_…</c> (docs/management-api.md §B.2, §E.5).</summary>
internal static class MethodTypes
{
    public const string Totp = "totp";
    public const string Phone = "phone";
    public const string Email = "email";
    public const string WebAuthnRoaming = "webauthn-roaming";
    public const string Passkey = "passkey";

    public const string Sms = "sms";
    public const string Voice = "voice";

    private static readonly Dictionary<string, string> Factors = new(StringComparer.Ordinal)
    {
        [Totp] = FactorNames.Otp,
        [Phone] = FactorNames.Sms,
        [Email] = FactorNames.Email,
        ["push"] = FactorNames.Push,
        [WebAuthnRoaming] = FactorNames.WebAuthnRoaming,
        ["webauthn-platform"] = FactorNames.WebAuthnPlatform,
        [Passkey] = FactorNames.Passkey,
        ["recovery-code"] = FactorNames.RecoveryCode,
    };

    public static string FactorOf(string type) => Factors[type];

    public static string TypeOf(Authenticator authenticator) => Factors.First(pair => pair.Value == authenticator.Factor).Key;

    public static string IdOf(Authenticator authenticator) => $"{TypeOf(authenticator)}|{authenticator.Id}";

    /// <summary>A recovery code that was shown and not confirmed is nothing that its user has.</summary>
    public static bool IsMethod(Authenticator authenticator) =>
        authenticator is not { Factor: FactorNames.RecoveryCode, Status: AuthenticatorStatus.Pending };

    /// <summary>A phone has a second id, by the way in which it is reached.</summary>
    public static bool IsNamed(Authenticator authenticator, string id) =>
        IsMethod(authenticator)
        && (id == IdOf(authenticator)
            || (authenticator.Factor == FactorNames.Sms && (id == $"{Sms}|{authenticator.Id}" || id == $"{Voice}|{authenticator.Id}")));
}
