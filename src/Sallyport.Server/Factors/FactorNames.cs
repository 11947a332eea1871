namespace Sallyport.Server.Factors;

/// <summary>The factors that a tenant can switch on, in the order in which the published API always lists them.</summary>
internal static class FactorNames
{
    public const string Otp = "otp";
    public const string RecoveryCode = "recovery-code";

    public static readonly IReadOnlyList<string> All =
        ["sms", "push-notification", Otp, "email", "duo", "webauthn-roaming", "webauthn-platform", RecoveryCode];

    /// <summary>On in a new installation: what works without a provider.</summary>
    public static readonly IReadOnlyList<string> OnAtFirst = [Otp, RecoveryCode];
}
