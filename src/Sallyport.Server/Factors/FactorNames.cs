namespace Sallyport.Server.Factors;

/// <summary>The names of the factors, as the Management API lists them and table <c>authenticator</c> holds them.</summary>
internal static class FactorNames
{
    public const string Otp = "otp";
    public const string RecoveryCode = "recovery-code";
    public const string Sms = "sms";
    public const string Push = "push-notification";
    public const string Email = "email";
    public const string Duo = "duo";
    public const string WebAuthnRoaming = "webauthn-roaming";
    public const string WebAuthnPlatform = "webauthn-platform";

    /// <summary>Signs a person in by itself. It is no second factor, so no tenant switches it on here.</summary>
    public const string Passkey = "passkey";

    /// <summary>
    /// The factors of the published API, in the order in which it always lists them. A tenant can switch them on, and those that were registered
    /// beyond them (<see cref="FactorCatalog.Switchable"/>).
    /// </summary>
    public static readonly IReadOnlyList<string> All =
        [Sms, Push, Otp, Email, Duo, WebAuthnRoaming, WebAuthnPlatform, RecoveryCode];

    /// <summary>On in a new installation: what works without a provider.</summary>
    public static readonly IReadOnlyList<string> OnByDefault = [Otp, RecoveryCode];
}
