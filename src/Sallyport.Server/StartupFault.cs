using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server;

/// <summary>Explains the common reasons of a failed start in one line that says how to correct them.</summary>
internal static class StartupFault
{
    private const string GiveAddress = "give addresses such as http://localhost:5080";
    private const string GiveDirectory = "give a directory that the server may write to";

    private const string GiveCertificate =
        "name one with Kestrel:Certificates:Default:Path and :KeyPath (PEM) or :Password (PKCS #12), or make one with dotnet dev-certs https";

    /// <summary>The classes of Kestrel that load certificates. Their exceptions have no type of their own.</summary>
    private static readonly string[] CertificateLoaders = ["CertificateConfigLoader", "UseHttps"];

    /// <summary>The assemblies that parse listening addresses and bind to them.</summary>
    private static readonly string[] AddressBinders = ["Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Server.Kestrel.Core"];

    /// <param name="options">Null if the configuration could not be read.</param>
    /// <returns>Null for a bug, which needs its stack trace.</returns>
    public static string? Explain(Exception exception, SallyportOptions? options) => exception switch
    {
        SchemaException or PublicUrlException => exception.Message,
        InvalidDataException when options is null => $"{ToLine(exception.Message)}; correct its JSON",
        NpgsqlException npgsql =>
            $"ConnectionStrings:Sallyport: PostgreSQL cannot be used: {ToLine(npgsql.Message)}; check that it is running and that the user may create tables",
        SqliteException sqlite => $"Sallyport:DataDirectory: {options?.DataDirectory} cannot be used: {ToLine(sqlite.Message)}; {GiveDirectory}",
        IOException { InnerException: AddressInUseException } =>
            $"urls: {ToLine(exception.Message)}; stop the program that listens there, or give another address with --urls",
        SocketException =>
            $"urls: {ToLine(exception.Message)}; give an address of this machine and a port that the server may open",
        _ when CertificateLoaders.Any(name => exception.StackTrace?.Contains(name, StringComparison.Ordinal) == true) =>
            $"Kestrel:Certificates: {ToLine(exception.Message.Split(". To generate")[0])}; {GiveCertificate}",
        ArgumentOutOfRangeException { ParamName: "port" } => $"urls: the port is out of range; {GiveAddress}",
        FormatException or InvalidOperationException when AddressBinders.Contains(exception.Source) =>
            $"urls: {ToLine(exception.Message)}; {GiveAddress}",
        UnauthorizedAccessException or IOException =>
            $"Sallyport:DataDirectory: {options?.DataDirectory} cannot be used: {ToLine(exception.Message)}; {GiveDirectory}",
        _ => null,
    };

    private static string ToLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
