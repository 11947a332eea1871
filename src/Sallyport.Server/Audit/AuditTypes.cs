namespace Sallyport.Server.Audit;

/// <summary>The types of entries that are written: event codes of the published API, and some of our own (docs/management-api.md §C.4).</summary>
internal static class AuditTypes
{
    public const string ApiOperation = "sapi";
    public const string FailedApiOperation = "fapi";
    public const string ClientCredentials = "seccft";
    public const string FailedClientCredentials = "feccft";
    public const string SignedIn = "s";
    public const string CodeExchanged = "seacft";
    public const string CodeNotExchanged = "feacft";
    public const string PasswordExchanged = "sepft";
    public const string PasswordNotExchanged = "fepft";
    public const string PasswordRefused = "fp";
    public const string PasswordAttemptsExhausted = "limit_wc";
    public const string MfaRequired = "mfar";
    public const string OtpExchanged = "seotpft";
    public const string ChallengeExchanged = "seoobft";
    public const string RecoveryCodeExchanged = "sercft";
    public const string EnrollmentStarted = "gd_start_enroll";
    public const string EnrollmentComplete = "gd_enrollment_complete";
    public const string AuthenticationStarted = "gd_start_auth";
    public const string AuthenticationSucceeded = "gd_auth_succeed";
    public const string AuthenticationFailed = "gd_auth_failed";
    public const string AttemptsExhausted = "gd_otp_rate_limit_exceed";
    public const string RecoverySucceeded = "gd_recovery_succeed";
    public const string RecoveryFailed = "gd_recovery_failed";
    public const string RecoveryAttemptsExhausted = "gd_recovery_rate_limit_exceed";
    public const string Unenrolled = "gd_unenroll";
    public const string WebAuthnChallengeFailed = "gd_webauthn_challenge_failed";
    public const string WebAuthnEnrollmentFailed = "gd_webauthn_enrollment_failed";

    /// <summary>Ours: a person has had a browser remembered after a second factor.</summary>
    public const string BrowserRemembered = "gd_browser_remembered";

    /// <summary>Ours: a sign-in was accepted without a second factor, because the browser is remembered.</summary>
    public const string RememberedBrowserAccepted = "gd_remembered_browser_accepted";

    /// <summary>Ours: users were imported. The details have the numbers.</summary>
    public const string UsersImported = "su";

    /// <summary>Ours: some users of an import were refused.</summary>
    public const string UsersNotImported = "fu";

    /// <summary>Ours: the file of a users export was downloaded.</summary>
    public const string ExportDownloaded = "users_export_downloaded";

    /// <summary>A user has confirmed the address of a verification mail.</summary>
    public const string EmailVerified = "sv";

    /// <summary>Ours: a custom page could not be rendered, and the default page was shown (docs/hosted-page.md).</summary>
    public const string PageFailed = "gd_page_failed";

    /// <summary>A message, such as a mail, could not be delivered and was given up.</summary>
    public const string MessageNotDelivered = "fn";
    public const string EmailSent = "gd_send_email";
    public const string SmsSent = "gd_send_sms";
    public const string SmsNotSent = "gd_send_sms_failure";

    /// <summary>Ours: no more messages are sent to phones of a country or a prefix.</summary>
    public const string PhoneDestinationHalted = "gd_halt_phone";
    public const string CallMade = "gd_send_voice";
    public const string CallNotMade = "gd_send_voice_failure";
    public const string PushSent = "gd_send_pn";
    public const string PushNotSent = "gd_send_pn_failure";
    public const string AuthenticationRejected = "gd_auth_rejected";

    /// <summary>Ours: a person has said that they have not asked to sign in. Push messages to them are halted.</summary>
    public const string SignInReported = "gd_auth_reported";

    /// <summary>Ours: the push service has said that the app of a phone is gone.</summary>
    public const string PushDisabled = "gd_push_disabled";

    /// <summary>Ours: push messages to a user were resumed.</summary>
    public const string PushResumed = "gd_push_resumed";

    public const string DeviceAccountUpdated = "gd_update_device_account";
}

/// <summary>The descriptions of the types.</summary>
internal static class LogDescriptions
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        [AuditTypes.ApiOperation] = "API operation",
        [AuditTypes.FailedApiOperation] = "Refused API operation",
        [AuditTypes.ClientCredentials] = "Client credentials exchanged for an access token",
        [AuditTypes.FailedClientCredentials] = "Client credentials refused",
        [AuditTypes.SignedIn] = "Signed in",
        [AuditTypes.CodeExchanged] = "Authorization code exchanged for an access token",
        [AuditTypes.CodeNotExchanged] = "Authorization code refused",
        [AuditTypes.PasswordExchanged] = "Password exchanged for an access token",
        [AuditTypes.PasswordNotExchanged] = "Password exchange refused",
        [AuditTypes.PasswordRefused] = "Password refused",
        [AuditTypes.PasswordAttemptsExhausted] = "Too many wrong passwords",
        [AuditTypes.MfaRequired] = "Second factor required",
        [AuditTypes.OtpExchanged] = "One-time password exchanged for an access token",
        [AuditTypes.ChallengeExchanged] = "Code of a message exchanged for an access token",
        [AuditTypes.RecoveryCodeExchanged] = "Recovery code exchanged for an access token",
        [AuditTypes.EnrollmentStarted] = "Guardian - enrollment started",
        [AuditTypes.EnrollmentComplete] = "Guardian - enrollment complete",
        [AuditTypes.AuthenticationStarted] = "Guardian - second factor started",
        [AuditTypes.AuthenticationSucceeded] = "Guardian - second factor succeeded",
        [AuditTypes.AuthenticationFailed] = "Guardian - second factor failed",
        [AuditTypes.AttemptsExhausted] = "Guardian - too many wrong codes",
        [AuditTypes.RecoverySucceeded] = "Guardian - recovery succeeded",
        [AuditTypes.RecoveryFailed] = "Guardian - recovery failed",
        [AuditTypes.RecoveryAttemptsExhausted] = "Guardian - too many wrong recovery codes",
        [AuditTypes.BrowserRemembered] = "Guardian - browser remembered",
        [AuditTypes.RememberedBrowserAccepted] = "Guardian - remembered browser accepted",
        [AuditTypes.Unenrolled] = "Guardian - authenticator removed",
        [AuditTypes.WebAuthnChallengeFailed] = "Guardian - security key refused",
        [AuditTypes.WebAuthnEnrollmentFailed] = "Guardian - registration of a security key refused",
        [AuditTypes.UsersImported] = "Users imported",
        [AuditTypes.UsersNotImported] = "Users not imported",
        [AuditTypes.MessageNotDelivered] = "Message not delivered",
        [AuditTypes.EmailSent] = "Guardian - code sent by email",
        [AuditTypes.SmsSent] = "Guardian - text message sent",
        [AuditTypes.SmsNotSent] = "Guardian - text message not sent",
        [AuditTypes.PhoneDestinationHalted] = "Guardian - messages to a phone destination halted",
        [AuditTypes.CallMade] = "Guardian - call made",
        [AuditTypes.CallNotMade] = "Guardian - call not made",
        [AuditTypes.PushSent] = "Guardian - push notification sent",
        [AuditTypes.PushNotSent] = "Guardian - push notification not sent",
        [AuditTypes.AuthenticationRejected] = "Guardian - second factor rejected",
        [AuditTypes.SignInReported] = "Guardian - sign-in reported by its user, push notifications halted",
        [AuditTypes.PushDisabled] = "Guardian - app gone, push notifications disabled",
        [AuditTypes.PushResumed] = "Guardian - push notifications resumed",
        [AuditTypes.ExportDownloaded] = "Users export downloaded",
        [AuditTypes.EmailVerified] = "Email address verified",
        [AuditTypes.DeviceAccountUpdated] = "Guardian - authenticator changed",
    };

    public static IEnumerable<string> TypesWhere(Func<string, bool> isDescribed) =>
        Texts.Where(text => isDescribed(text.Value)).Select(text => text.Key);

    /// <returns>Null for an unknown type.</returns>
    public static string? Of(string type) => Texts.GetValueOrDefault(type);
}
