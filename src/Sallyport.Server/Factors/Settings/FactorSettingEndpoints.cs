using Sallyport.Server.Http;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Settings;

/// <summary>The settings of factors (docs/management-api.md §A). <c>sms</c> is an older name of <c>phone</c> with the same routes.</summary>
internal static class FactorSettingEndpoints
{
    private static readonly string[] PhoneNames = ["phone", "sms"];

    public static void MapFactorSettings(this IEndpointRouteBuilder api)
    {
        var factors = new SettingRoutes(
            api.MapGroup("/guardian/factors").WithTags("Factor settings"), ManagementScopes.ReadFactors, ManagementScopes.UpdateFactors);
        foreach (var phone in PhoneNames)
        {
            factors
                .Get<PhoneMessageTypes>($"/{phone}/message-types", FactorSettings.PhoneMessageTypes)
                .Put<PhoneMessageTypes>($"/{phone}/message-types", FactorSettings.PhoneMessageTypes)
                .Get<PhoneProviderChoice>($"/{phone}/selected-provider", FactorSettings.PhoneProvider)
                .Put<PhoneProviderChoice>(
                    $"/{phone}/selected-provider", FactorSettings.PhoneProvider, configure: put => put.AddEndpointFilter<PhoneSelectionFilter>())
                .Get<TwilioProvider>($"/{phone}/providers/twilio", FactorSettings.Twilio)
                .Put<TwilioProvider>($"/{phone}/providers/twilio", FactorSettings.Twilio)
                .Get<PhoneTemplates>($"/{phone}/templates", FactorSettings.PhoneTemplates)
                .Put<PhoneTemplates>($"/{phone}/templates", FactorSettings.PhoneTemplates);
        }

        MapPhoneProviders(factors);
        MapPush(factors);
        MapOthers(factors);
        new SettingRoutes(api.MapGroup("").WithTags("Prompts"), ManagementScopes.ReadPrompts, ManagementScopes.UpdatePrompts)
            .Get<MfaPushPrompt>("/prompts/mfa-push", FactorSettings.MfaPush)
            .Patch<MfaPushPrompt>("/prompts/mfa-push", FactorSettings.MfaPush, SettingWrite.MergeAndShow);
    }

    /// <summary>The published API has no settings for these.</summary>
    private static void MapPhoneProviders(SettingRoutes factors) => factors
        .Get<PhoneGuardSettings>("/phone/guard", FactorSettings.PhoneGuard)
        .Put<PhoneGuardSettings>("/phone/guard", FactorSettings.PhoneGuard)
        .Get<PhoneSnsProvider>("/phone/providers/sns", FactorSettings.PhoneSns)
        .Put<PhoneSnsProvider>("/phone/providers/sns", FactorSettings.PhoneSns)
        .Get<PhoneHookProvider>("/phone/providers/phone-message-hook", FactorSettings.PhoneHook)
        .Put<PhoneHookProvider>("/phone/providers/phone-message-hook", FactorSettings.PhoneHook);

    private static void MapPush(SettingRoutes factors) => factors
        .Get<PushSettings>("/push-notification/settings", FactorSettings.Push)
        .Put<PushSettings>("/push-notification/settings", FactorSettings.Push)
        .Get<PushProviderChoice>("/push-notification/selected-provider", FactorSettings.PushProvider)
        .Put<PushProviderChoice>("/push-notification/selected-provider", FactorSettings.PushProvider)
        .Get<SnsProvider>("/push-notification/providers/sns", FactorSettings.Sns)
        .Put<SnsProvider>("/push-notification/providers/sns", FactorSettings.Sns)
        .Patch<SnsProvider>("/push-notification/providers/sns", FactorSettings.Sns)
        .Get<ApnsProviderState>("/push-notification/providers/apns", FactorSettings.Apns)
        .Put<ApnsProvider>("/push-notification/providers/apns", FactorSettings.Apns)
        .Patch<ApnsProvider>("/push-notification/providers/apns", FactorSettings.Apns)
        .Put<FcmProvider>("/push-notification/providers/fcm", FactorSettings.Fcm)
        .Patch<FcmProvider>("/push-notification/providers/fcm", FactorSettings.Fcm)
        .Put<FcmV1Provider>("/push-notification/providers/fcmv1", FactorSettings.FcmV1)
        .Patch<FcmV1Provider>("/push-notification/providers/fcmv1", FactorSettings.FcmV1);

    /// <summary>PUT merges the settings of the two WebAuthn factors. The published API does that nowhere else.</summary>
    private static void MapOthers(SettingRoutes factors) => factors
        .Get<CodeSettings>("/phone/settings", FactorSettings.PhoneCodes)
        .Put<CodeSettings>("/phone/settings", FactorSettings.PhoneCodes)
        .Get<CodeSettings>("/email/settings", FactorSettings.EmailCodes)
        .Put<CodeSettings>("/email/settings", FactorSettings.EmailCodes)
        .Get<DuoSettings>("/duo/settings", FactorSettings.Duo)
        .Put<DuoSettings>("/duo/settings", FactorSettings.Duo)
        .Patch<DuoSettings>("/duo/settings", FactorSettings.Duo)
        .Get<WebAuthnRoamingSettings>("/webauthn-roaming/settings", FactorSettings.WebAuthnRoaming)
        .Put<WebAuthnRoamingSettings>("/webauthn-roaming/settings", FactorSettings.WebAuthnRoaming, SettingWrite.Merge)
        .Get<WebAuthnPlatformSettings>("/webauthn-platform/settings", FactorSettings.WebAuthnPlatform)
        .Put<WebAuthnPlatformSettings>("/webauthn-platform/settings", FactorSettings.WebAuthnPlatform, SettingWrite.Merge);
}
