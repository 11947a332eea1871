using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Duo;
using Sallyport.Server.Factors.Email;
using Sallyport.Server.Factors.Push;
using Sallyport.Server.Factors.Push.Providers;
using Sallyport.Server.Factors.RecoveryCodes;
using Sallyport.Server.Factors.Sms;
using Sallyport.Server.Factors.Sms.Guard;
using Sallyport.Server.Factors.Sms.Providers;
using Sallyport.Server.Factors.Totp;
using Sallyport.Server.Factors.WebAuthn;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

internal static class FactorServices
{
    public static void AddFactors(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<IStoredFactor, TotpFactor>();
        services.AddSingleton<IStoredFactor, RecoveryCodeFactor>();
        services.AddSingleton<IStoredFactor, EmailFactor>();
        services.AddSingleton<IStoredFactor, SmsFactor>();
        services.AddSingleton<IStoredFactor, PushFactor>();
        services.AddSingleton<IStoredFactor, DuoFactor>();
        services.AddSingleton<DuoClient>();
        services.AddProviderClient(DuoClient.Name);
        services.AddSingleton<WebAuthnServices>();
        services.AddSingleton<IStoredFactor>(provider => WebAuthnFactor.Roaming(provider.GetRequiredService<WebAuthnServices>()));
        services.AddSingleton<IStoredFactor>(provider => WebAuthnFactor.Platform(provider.GetRequiredService<WebAuthnServices>()));
        services.AddSingleton<IStoredFactor, PasskeyFactor>();
        services.AddMessageChannel<PushChannel>();
        services.AddSingleton<IMessageProvider, DirectPushProvider>();
        services.AddSingleton<IMessageProvider, SnsPushProvider>();
        services.AddSingleton<TestPushProvider>();
        services.AddSingleton<PushDevices>();
        services.AddProviderClient(ProviderAddresses.Fcm);
        services.AddProviderClient(ProviderAddresses.Apns);
        services.AddPhoneGuard(retention);
        services.AddPhoneProviders();
        services.AddMessageChannel<SmsChannel>();
        services.AddMessageChannel<VoiceChannel>();
        services.AddSingleton<SentCodes>();
        services.AddSingleton<PhoneMessages>();
        services.AddSingleton<FactorCatalog>();
        services.AddSingleton<FactorQueries>();
        services.AddSingleton<SetFactor>();
        services.AddSingleton<FactorChangeNotices>();
        services.AddSingleton<IDeferredMail, FactorChangeMail>();
        services.AddSingleton(FactorChangeMail.Example);
        services.AddSingleton<SignInReportNotices>();
        services.AddSingleton<IDeferredMail, SignInReportMail>();
        services.AddSingleton(SignInReportMail.Example);
        services.AddSingleton(EmailFactor.Example);
        services.AddSingleton<DeviceAuthentication>();
        services.AddSingleton<ChangeDevice>();
        services.AddSingleton<RemoveDevice>();
        services.AddSingleton<ReadConsent>();
        services.AddSingleton<ResumeChallenges>();
        services.AddSingleton<FactorRemoval>();
        services.AddSingleton<RemoveAuthenticators>();
        services.AddSingleton<DeleteEnrollment>();
        services.AddSingleton<RegenerateRecoveryCode>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, FactorJson.Default));
        services.AddSingleton(new RetentionRule(
            "authenticator", "authenticator_id", "status = 'pending' AND created_at < @before", retention.Transactions));
        services.AddSingleton(new RetentionRule("challenge", "challenge_id", "expires_at < @before", retention.Transactions));
    }
}
