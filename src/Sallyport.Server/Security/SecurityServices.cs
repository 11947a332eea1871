using Microsoft.Extensions.DependencyInjection.Extensions;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

internal static class SecurityServices
{
    public static void AddSecurity(this IServiceCollection services)
    {
        services.AddSingleton(provider => MasterKeySourceOf(provider.GetRequiredService<SallyportOptions>()));
        services.TryAddSingleton<RsaKeySource>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ColumnCipher>();
        services.AddSingleton<SecretHash>();
        services.AddHostedService<KeyRingRefresh>();
        // A user with all attempts left needs no row.
        services.AddSingleton(new RetentionRule("attempt", "user_id", "full_at < @before", TimeSpan.FromDays(1)));
    }

    private static MasterKeySource MasterKeySourceOf(SallyportOptions options) => options.MasterKey is { } material
        ? MasterKeySource.FromConfiguration(material)
        : MasterKeySource.FromFile(options.DataDirectory);
}

/// <summary>Event ids 1100 to 1199.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(1101, LogLevel.Warning,
        "The master key is read from a file in the data directory. Set Sallyport:Keys:Master and store the key apart from the data")]
    public static partial void MasterKeyFromFile(ILogger logger);
}
