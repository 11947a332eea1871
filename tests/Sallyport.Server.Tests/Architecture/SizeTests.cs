using System.Reflection;

namespace Sallyport.Server.Tests.Architecture;

/// <summary>Limits on the length of files and methods and on the number of parameters.</summary>
public sealed class SizeTests
{
    private const int MaxFile = 400;
    private const int MaxTestFile = 500;
    private const int MaxMethod = 60;
    private const int MaxParameters = 5;

    /// <summary>Exceptions, each a path and its reason. It should stay empty.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Exceptions, each a type and its reason.</summary>
    private static readonly Dictionary<string, string> ManyParameters = [];

    [Fact]
    public void No_source_file_is_longer_than_its_limit()
    {
        var files = Sources("src", "*.cs").Concat(Sources("src", "*.js")).Concat(Sources("src", "*.css")).Concat(Sources("src", "*.razor"))
            .Select(file => (file, Limit: MaxFile))
            .Concat(Sources("tests", "*.cs").Select(file => (file, Limit: MaxTestFile)))
            .ToList();

        files.Count.ShouldBeGreaterThan(100, "The test examined too little.");
        files.Select(pair => (Name: Path.GetRelativePath(Repository.Root, pair.file), Lines: File.ReadLines(pair.file).Count(), pair.Limit))
            .Where(file => file.Lines > file.Limit && !LongFiles.ContainsKey(file.Name))
            .Select(file => $"{file.Name}: {file.Lines} lines")
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_method_is_longer_than_its_limit()
    {
        var methods = Sources("src", "*.cs").SelectMany(Methods).ToList();

        methods.Count.ShouldBeGreaterThan(200, "The test examined too little.");
        methods.Where(method => method.Lines > MaxMethod)
            .Select(method => $"{method.File}:{method.Line}: {method.Lines} lines")
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_method_or_constructor_takes_too_many_parameters()
    {
        var types = typeof(Program).Assembly.GetTypes().Concat(typeof(Protocols.Otp.Totp).Assembly.GetTypes())
            .Where(type => !type.Name.Contains('<') && !IsRecord(type) && !type.IsSubclassOf(typeof(Attribute)))
            .ToList();
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

        types.Count.ShouldBeGreaterThan(80, "The test examined too little.");
        types
            .SelectMany(type => type.GetConstructors(Declared).Cast<MethodBase>().Concat(type.GetMethods(Declared)))
            .Where(method => !method.Name.Contains('<') && method.GetParameters().Length > MaxParameters)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .Where(name => !ManyParameters.ContainsKey(name))
            .ShouldBeEmpty();
    }

    /// <summary>The parameters of a record are its data, so they do not count.</summary>
    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || type.IsValueType;

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/") && !file.Contains("/node_modules/"));

    /// <summary>Finds members by their indentation, which the enforced format fixes.</summary>
    private static IEnumerable<(string File, int Line, int Lines)> Methods(string file)
    {
        var opened = 0;
        foreach (var (text, index) in File.ReadLines(file).Select((text, index) => (text, index)))
        {
            if (text == "    {")
            {
                opened = index + 1;
            }
            else if (text == "    }" && opened > 0)
            {
                yield return (Path.GetRelativePath(Repository.Root, file), opened, index - opened);
                opened = 0;
            }
        }
    }
}
