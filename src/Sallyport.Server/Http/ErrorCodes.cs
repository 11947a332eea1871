namespace Sallyport.Server.Http;

/// <summary>All error codes of the Management and Guardian APIs. Each is a heading in <c>docs/errors.md</c>. Codes are never renamed.</summary>
internal static class ErrorCodes
{
    public const string AuthenticationMethodExists = "authentication_method_exists";
    public const string AuthenticationMethodLimit = "authentication_method_limit";
    public const string BearerFormat = "Bearer";
    public const string ClientGrantConflict = "client_grant_conflict";
    public const string ConnectionConflict = "connection_conflict";
    public const string DeviceAccountConflict = "device_account_conflict";
    public const string DeviceAccountNotFound = "device_account_not_found";
    public const string EnrollmentConflict = "enrollment_conflict";
    public const string EnrollmentNotFound = "enrollment_not_found";
    public const string EnrollmentTransactionNotFound = "enrollment_transaction_not_found";
    public const string IdentityProvider = "auth0_idp_error";
    public const string InexistentAuthenticationMethod = "inexistent_authentication_method";
    public const string InexistentConsent = "inexistent_consent";
    public const string InexistentClient = "inexistent_client";
    public const string InexistentClientGrant = "inexistent_client_grant";
    public const string InexistentConnection = "inexistent_connection";
    public const string InexistentEmailProvider = "inexistent_email_provider";
    public const string InexistentEmailTemplate = "inexistent_email_template";
    public const string InexistentJob = "inexistent_job";
    public const string InexistentLog = "inexistent_log";
    public const string InexistentMfaPageVersion = "inexistent_mfa_page_version";
    public const string InexistentResourceServer = "inexistent_resource_server";
    public const string InexistentSigningKey = "inexistent_signing_key";
    public const string InexistentUser = "inexistent_user";
    public const string InsufficientScope = "insufficient_scope";
    public const string InvalidBearerFormat = "invalid_bearer_format";
    public const string InvalidBody = "invalid_body";
    public const string InvalidChallenge = "invalid_challenge";
    public const string InvalidDpopAssertion = "invalid_dpop_assertion";
    public const string InvalidOtp = "invalid_otp";
    public const string InvalidPhoneNumber = "invalid_phone_number";
    public const string InvalidQueryString = "invalid_query_string";
    public const string InvalidRecoveryCode = "invalid_recovery_code";
    public const string InvalidToken = "invalid_token";
    public const string InvalidUri = "invalid_uri";
    public const string LoginTransactionNotFound = "login_transaction_not_found";
    public const string OperationNotSupported = "operation_not_supported";
    public const string PushEndpointDisabled = "pn_endpoint_disabled";
    public const string PushNotConfigured = "push_notification_not_configured";
    public const string ResourceServerConflict = "resource_server_conflict";
    public const string ServiceUnavailable = "service_unavailable";
    public const string TooManyAttempts = "too_many_attempts";
    public const string TooManyMessages = "too_many_messages";
    public const string TooManyPushes = "too_many_pn";
    public const string TooManyRequests = "too_many_requests";
    public const string TooManySms = "too_many_sms";
    public const string TooManyTransactions = "too_many_transactions";
    public const string TransactionExpired = "transaction_expired";
    public const string TransactionNotAccepted = "transaction_not_accepted";
    public const string TransactionNotFound = "transaction_not_found";
    public const string TransactionRedeemed = "transaction_redeemed";
    public const string TransactionSignatureRequired = "transaction_signature_required";
    public const string UserBlocked = "user_blocked";
}
