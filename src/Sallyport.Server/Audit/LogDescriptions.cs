namespace Sallyport.Server.Audit;

/// <summary>What the types say, in words.</summary>
internal static class LogDescriptions
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        [AuditTypes.ApiOperation] = "API operation",
        [AuditTypes.FailedApiOperation] = "Refused API operation",
        [AuditTypes.ClientCredentials] = "Client credentials exchanged for an access token",
        [AuditTypes.FailedClientCredentials] = "Client credentials refused",
        [AuditTypes.EnrollmentStarted] = "Guardian - enrollment started",
        [AuditTypes.EnrollmentComplete] = "Guardian - enrollment complete",
        [AuditTypes.AuthenticationStarted] = "Guardian - second factor started",
        [AuditTypes.AuthenticationSucceeded] = "Guardian - second factor succeeded",
        [AuditTypes.AuthenticationFailed] = "Guardian - second factor failed",
        [AuditTypes.AttemptsExhausted] = "Guardian - too many wrong codes",
        [AuditTypes.RecoverySucceeded] = "Guardian - recovery succeeded",
        [AuditTypes.RecoveryFailed] = "Guardian - recovery failed",
        [AuditTypes.RecoveryAttemptsExhausted] = "Guardian - too many wrong recovery codes",
        [AuditTypes.Unenrolled] = "Guardian - authenticator removed",
        [AuditTypes.UsersImported] = "Users imported",
        [AuditTypes.UsersNotImported] = "Users not imported",
        [AuditTypes.EmailVerified] = "E-mail address verified",
        [AuditTypes.MessageNotDelivered] = "Message not delivered",
        [AuditTypes.DeviceAccountUpdated] = "Guardian - authenticator changed",
    };

    public static IEnumerable<string> TypesWhere(Func<string, bool> isDescribed) =>
        Texts.Where(text => isDescribed(text.Value)).Select(text => text.Key);

    /// <returns>Null for a type that is described nowhere.</returns>
    public static string? Of(string type) => Texts.GetValueOrDefault(type);
}
