using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Server.Storage;

/// <summary>One step of the schema, from <c>Storage/Migrations</c>. Never edited once released.</summary>
/// <param name="Statements">Each ends with a semicolon at the end of a line.</param>
internal sealed record Migration(int Version, string Name, string Checksum, IReadOnlyList<string> Statements)
{
    private const string Folder = "migrations/";

    /// <summary>All migrations for an engine, oldest first. A file <c>0007_x.sqlite.sql</c> stands in for <c>0007_x.sql</c>.</summary>
    public static IReadOnlyList<Migration> For(Engine engine)
    {
        var assembly = typeof(Migration).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        var own = engine == Engine.Sqlite ? ".sqlite.sql" : ".postgresql.sql";

        return [.. files
            .Where(file => file.Count(c => c == '.') == 1)
            .Order(StringComparer.Ordinal)
            .Select(file => file[..^".sql".Length] + own is var variant && files.Contains(variant) ? variant : file)
            .Select(file => Load(assembly, file))];
    }

    private static Migration Load(Assembly assembly, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
        var script = reader.ReadToEnd();
        var name = file[Folder.Length..];
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var statements = script.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new Migration(int.Parse(name[..4], System.Globalization.CultureInfo.InvariantCulture), name, checksum, statements);
    }
}
