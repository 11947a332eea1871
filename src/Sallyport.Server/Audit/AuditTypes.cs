namespace Sallyport.Server.Audit;

/// <summary>The published event codes that are written today, and some of our own.</summary>
internal static class AuditTypes
{
    public const string ApiOperation = "sapi";
    public const string FailedApiOperation = "fapi";
    public const string ClientCredentials = "seccft";
    public const string FailedClientCredentials = "feccft";
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

    /// <summary>Ours: users were imported; the details count them.</summary>
    public const string UsersImported = "su";

    /// <summary>Of an import, some users could not be taken.</summary>
    public const string UsersNotImported = "fu";

    /// <summary>A person has confirmed the address that a verification mail went to.</summary>
    public const string EmailVerified = "sv";

    /// <summary>Ours: a tenant's own page could not be rendered, and the default page was shown. See <c>docs/hosted-page.md</c>.</summary>
    public const string PageFailed = "gd_page_failed";

    /// <summary>A message, such as a mail, could not be delivered and was given up.</summary>
    public const string MessageNotDelivered = "fn";
    public const string DeviceAccountUpdated = "gd_update_device_account";
}
