using System.Reflection;
using System.Runtime.CompilerServices;

namespace Sallyport.Server.Tests.Architecture;

/// <summary>
/// Which methods of an assembly a method may call. A call of an interface leads to all implementations, and the code that the compiler makes of
/// lambdas and of async methods belongs to the method that contains it. What a method of another assembly calls back is not followed.
/// </summary>
internal sealed class CallGraph
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly Assembly assembly;
    private readonly ILookup<MethodBase, MethodBase> overrides;
    private readonly Dictionary<MethodBase, IReadOnlyList<MethodBase>> calls = [];

    public CallGraph(Assembly assembly)
    {
        this.assembly = assembly;
        overrides = assembly.GetTypes().SelectMany(Overrides).ToLookup(pair => pair.Base, pair => pair.Override);
    }

    /// <returns>The methods with one of the callees in their bodies. The name of a compiler-made one is that of the method that contains it.</returns>
    public IEnumerable<MethodBase> CallersOf(IReadOnlyCollection<MethodBase> callees) =>
        assembly.GetTypes().SelectMany(MethodsOf).Where(method => AssemblyReader.MembersNamedBy(method).OfType<MethodBase>().Select(Definition).Any(callees.Contains));

    public IReadOnlySet<MethodBase> ReachableFrom(IEnumerable<MethodBase> roots)
    {
        var seen = new HashSet<MethodBase>();
        var open = new Queue<MethodBase>(roots.Select(Definition));
        while (open.TryDequeue(out var method))
        {
            if (method.Module.Assembly == assembly && seen.Add(method))
            {
                foreach (var callee in CallsOf(method))
                {
                    open.Enqueue(callee);
                }
            }
        }

        return seen;
    }

    /// <returns>The type that a person has written.</returns>
    public static Type WrittenType(MethodBase method)
    {
        var type = method.DeclaringType!;
        while (IsMadeByCompiler(type))
        {
            type = type.DeclaringType!;
        }

        return type;
    }

    /// <summary>Methods of constructed generic types and methods become those of their definitions, so that they can be compared.</summary>
    public static MethodBase Definition(MethodBase method) => method.Module.ResolveMethod(method.MetadataToken)!;

    private static IEnumerable<MethodBase> MethodsOf(Type type) => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared));

    private IReadOnlyList<MethodBase> CallsOf(MethodBase method)
    {
        if (!calls.TryGetValue(method, out var found))
        {
            var direct = AssemblyReader.MembersNamedBy(method).SelectMany(Follow);
            // What the constructor of a service stores in a field, such as a delegate, the methods of the service may call.
            var own = method.IsStatic ? [] : method.DeclaringType!.GetConstructors(Declared);
            calls.Add(method, found = [.. direct.Concat(own).Select(Definition).Distinct().SelectMany(callee => overrides[callee].Prepend(callee))]);
        }

        return found;
    }

    private static IEnumerable<MethodBase> Follow(MemberInfo member)
    {
        if (member.DeclaringType?.TypeInitializer is { } initializer)
        {
            yield return initializer;
        }

        if (member is not MethodBase method)
        {
            yield break;
        }

        yield return method;
        // A state machine is named where it is created, or as the type argument with which it is started.
        foreach (var type in method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments().Append(method.DeclaringType) : [method.DeclaringType])
        {
            if (type is not null && IsMadeByCompiler(type) && type.Name.Contains(">d__", StringComparison.Ordinal))
            {
                foreach (var step in MethodsOf(type))
                {
                    yield return step;
                }
            }
        }
    }

    private static bool IsMadeByCompiler(Type type) => type.IsNested && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static IEnumerable<(MethodBase Base, MethodBase Override)> Overrides(Type type)
    {
        if (type.IsInterface)
        {
            yield break;
        }

        foreach (var method in type.GetMethods(Declared).Where(method => method.GetBaseDefinition() != method))
        {
            yield return (Definition(method.GetBaseDefinition()), method);
        }

        foreach (var contract in type.ContainsGenericParameters ? [] : type.GetInterfaces().Where(contract => contract.Assembly == type.Assembly))
        {
            var map = type.GetInterfaceMap(contract);
            for (var i = 0; i < map.InterfaceMethods.Length; i++)
            {
                yield return (Definition(map.InterfaceMethods[i]), Definition(map.TargetMethods[i]));
            }
        }
    }
}
