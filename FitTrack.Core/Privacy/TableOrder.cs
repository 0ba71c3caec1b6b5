using Microsoft.EntityFrameworkCore.Metadata;

namespace FitTrack.Core.Privacy;

internal static class TableOrder
{
    /// <summary>Each table after those that it refers to: the order to add in; the reverse is the order to remove in.</summary>
    public static List<PersonalTable> Sort(IModel model, IEnumerable<PersonalTable> tables)
    {
        var left = tables.ToList();
        var sorted = new List<PersonalTable>(left.Count);
        while (left.Count > 0)
        {
            var types = left.Select(t => t.Type).ToHashSet();
            var free = left.FindAll(t => !References(model, t.Type).Any(types.Contains));
            if (free.Count == 0)
                throw new InvalidOperationException("These tables refer to each other in a circle: " + string.Join(", ", types));
            sorted.AddRange(free);
            left.RemoveAll(free.Contains);
        }

        return sorted;
    }

    private static IEnumerable<Type> References(IModel model, Type type) =>
        model.FindEntityType(type)!.GetForeignKeys().Select(f => f.PrincipalEntityType.ClrType).Where(principal => principal != type);
}
