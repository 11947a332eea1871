using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The settings that factors have, each a row of table <c>setting</c>.</summary>
internal static class FactorSettings
{
    public static readonly SettingKind PhoneMessageTypes = SettingKind.Of<PhoneMessageTypes>("phone/message-types", """{"message_types":[]}""");

    public static readonly SettingKind PhoneProvider = SettingKind.Of<PhoneProviderChoice>("phone/selected-provider", """{"provider":"auth0"}""");

    public static readonly SettingKind PhoneTemplates = SettingKind.Of<PhoneTemplates>(
        "phone/templates",
        """
        {
            "enrollment_message": "{{code}} is your verification code for {{tenant.friendly_name}}. Please enter this code to verify your enrollment.",
            "verification_message": "{{code}} is your verification code for {{tenant.friendly_name}}"
        }
        """);

    public static readonly SettingKind PhoneCodes = SettingKind.Of<CodeSettings>("phone/settings", """{"otp_length":6,"otp_expiration_time":300}""");

    public static readonly SettingKind EmailCodes = SettingKind.Of<CodeSettings>("email/settings", """{"otp_length":6,"otp_expiration_time":300}""");

    public static readonly SettingKind Twilio = SettingKind.Of<TwilioProvider>("phone/providers/twilio") with
    {
        Account = ["sid"],
        ShowsNulls = true,
    };

    public static readonly SettingKind PhoneSns = SettingKind.Of<PhoneSnsProvider>("phone/providers/sns") with
    {
        Account = ["aws_access_key_id"],
    };

    public static readonly SettingKind PhoneHook = SettingKind.Of<PhoneHookProvider>("phone/providers/phone-message-hook") with
    {
        Account = ["url"],
    };

    public static readonly SettingKind PhoneGuard = SettingKind.Of<PhoneGuardSettings>(
        "phone/guard",
        """
        {
            "max_messages_per_hour": 5000,
            "max_messages_per_prefix_per_hour": 500,
            "min_entered_percent": 10,
            "min_codes": 50
        }
        """);

    public static readonly SettingKind PushProvider = SettingKind.Of<PushProviderChoice>(
        "push-notification/selected-provider", """{"provider":"guardian"}""");

    public static readonly SettingKind Push = SettingKind.Of<PushSettings>("push-notification/settings", """{"number_matching":false}""");

    public static readonly SettingKind Sns = SettingKind.Of<SnsProvider>("push-notification/providers/sns") with
    {
        Account = ["aws_access_key_id"],
        ShowsNulls = true,
    };

    public static readonly SettingKind Apns = SettingKind.Of<ApnsProvider>(
        "push-notification/providers/apns", """{"bundle_id":null,"sandbox":false}""") with
    {
        Account = ["bundle_id"],
        SecretFlag = "enabled",
    };

    public static readonly SettingKind Fcm = SettingKind.Of<FcmProvider>("push-notification/providers/fcm");

    public static readonly SettingKind FcmV1 = SettingKind.Of<FcmV1Provider>("push-notification/providers/fcmv1");

    public static readonly SettingKind Duo = SettingKind.Of<DuoSettings>("duo/settings") with { Account = ["ikey", "host"] };

    public static readonly SettingKind WebAuthnRoaming = SettingKind.Of<WebAuthnRoamingSettings>(
        "webauthn-roaming/settings", """{"userVerification":"discouraged","overrideRelyingParty":false}""");

    public static readonly SettingKind WebAuthnPlatform = SettingKind.Of<WebAuthnPlatformSettings>(
        "webauthn-platform/settings", """{"overrideRelyingParty":false}""");

    public static readonly SettingKind MfaPush = SettingKind.Of<MfaPushPrompt>("prompts/mfa-push");
}
